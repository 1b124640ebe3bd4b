#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "analyst/frames.h"

static const char python_trace[] =
	"Exception during message handling: TypeError\n"
	"Traceback (most recent call last):\n"
	"  File \"/usr/lib/python2.7/site-packages/oslo_messaging/rpc/server.py\", line 160, in _process\n"
	"    res = self.dispatcher.dispatch(message)\n"
	"  File \"/usr/lib/python2.7/site-packages/shop/api.py\", line 12, in pay\n"
	"  File \"/usr/lib/python2.7/site-packages/shop/utils.py\", line 9, in wrapped\n"
	"    return f(*args, **kwargs)\n"
	"TypeError: 'NoneType' object is not iterable";

static void python__comes_deepest_first__with_wrappers_and_unseen_lines_marked(void **state)
{
	struct frame frames[FRAMES_MAXIMUM];

	(void)state;
	assert_int_equal(frames_find(slice_of(python_trace), frames), 3);
	assert_true(slice_is(frames[0].file, "shop/utils.py"));
	assert_true(frames[0].wrapper);
	assert_true(slice_is(frames[1].file, "shop/api.py"));
	assert_true(slice_is(frames[1].function, "pay"));
	assert_true(frames[1].unseen);
	assert_true(slice_is(frames[2].file, "oslo_messaging/rpc/server.py"));
	assert_false(frames[2].unseen);
}

static void java__tells_libraries_from_own_code(void **state)
{
	static const char trace[] = "java.lang.IllegalStateException: no\n"
				    "\tat org.springframework.web.Servlet.service(Servlet.java:61)\n"
				    "\tat com.shop.Orders.pay(Orders.java:12)\n";
	struct frame frames[FRAMES_MAXIMUM];

	(void)state;
	assert_int_equal(frames_find(slice_of(trace), frames), 2);
	assert_true(frames[0].library);
	assert_false(frames[1].library);
	assert_true(slice_is(frames[1].file, "Orders.java"));
	assert_true(slice_is(frames[1].function, "com.shop.Orders.pay"));
}

static void a_message_without_a_trace__has_no_frames(void **state)
{
	struct frame frames[FRAMES_MAXIMUM];

	(void)state;
	assert_int_equal(frames_find(slice_of("GET /index.py: 12 ms, at 20:41:07"), frames), 0);
	assert_int_equal(frames_find(slice_of(""), frames), 0);
	assert_int_equal(frames_find(slice_of("File \""), frames), 0);
}

static void modules__are_found_in_what_an_exception_names(void **state)
{
	struct slice rest = slice_of("Callback neutron.notifiers.nova.Notifier._send--92 failed, see e.g. this"),
		     module;

	(void)state;
	assert_true(frames_next_module(&rest, &module));
	assert_true(slice_is(module, "neutron.notifiers.nova"));
	assert_false(frames_next_module(&rest, &module));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(python__comes_deepest_first__with_wrappers_and_unseen_lines_marked),
		cmocka_unit_test(java__tells_libraries_from_own_code),
		cmocka_unit_test(a_message_without_a_trace__has_no_frames),
		cmocka_unit_test(modules__are_found_in_what_an_exception_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
