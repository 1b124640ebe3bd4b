/*
 * Context: the same metrics, spans, changes, alerts and edges however the bytes are cut; self time within durations, no
 * call in a circle.
 *
 * Input: a byte for the kind, a byte for how many cuts, the sizes of the pieces, the text.
 */
#include "fuzz/fuzz.h"
#include "support/context_text.h"

static void check_traces(const struct traces *traces)
{
	for (size_t i = 0; i < traces->spans.count; i++) {
		const struct span *span = traces_span(traces, i);
		size_t steps = 0;

		REQUIRE(span->self >= 0 && span->self <= span->duration);
		for (uint32_t at = span->parent; at != SPAN_NONE && steps < 64; at = traces_span(traces, at)->parent)
			REQUIRE(at != i && ++steps > 0);
	}
}

static void check_runbook(struct slice text)
{
	struct context *context = context_create();
	struct error error;

	REQUIRE(context != NULL);
	if (runbooks_add(&context->runbooks, slice_of("x.md"), text, &error) == 0)
		runbooks_find(&context->runbooks, slice_of("service"), text);
	context_destroy(context);
}

static void write_cut(enum context_kind kind, struct slice text, struct slice cuts, struct buffer *out)
{
	struct context *context = context_of(kind, text, cuts);

	REQUIRE(context != NULL);
	buffer_init(out, (size_t)1 << 26);
	context_write(context, out);
	check_traces(&context->traces);
	context_destroy(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	enum context_kind kind = (enum context_kind)(CONTEXT_METRICS + fuzz_byte(&text) % 6);
	struct slice cuts = fuzz_bytes(&text, fuzz_byte(&text) % 8);
	struct buffer whole, bytes, pieces;

	context_recognize(text);
	if (kind == CONTEXT_RUNBOOKS) {
		check_runbook(text);
		return 0;
	}
	write_cut(kind, text, (struct slice){ 0 }, &whole);
	write_cut(kind, text, (struct slice){ "\0", 1 }, &bytes);
	write_cut(kind, text, cuts, &pieces);
	REQUIRE(slice_equal(buffer_slice(&whole), buffer_slice(&bytes)));
	REQUIRE(slice_equal(buffer_slice(&whole), buffer_slice(&pieces)));
	buffer_release(&whole);
	buffer_release(&bytes);
	buffer_release(&pieces);
	return 0;
}
