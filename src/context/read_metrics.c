#include "context/reader.h"

#include <math.h>

static bool fits(const struct roles *roles)
{
	return roles_has(roles, ROLE_TIME) && roles_has(roles, ROLE_METRIC) && roles_has(roles, ROLE_VALUE);
}

static int excerpt(struct slice text)
{
	return (int)(text.size < 40 ? text.size : 40);
}

static void put(struct context_reader *reader, const struct values *values, uint64_t line)
{
	const struct slice *of = values->of;
	struct slice service = of[ROLE_SERVICE].size > 0 ? of[ROLE_SERVICE] : context_pod_service(of[ROLE_POD]);
	int64_t time;
	double value;

	if (!reader_time(reader, of[ROLE_TIME], &time))
		reader_bad(reader, line, "\"%.*s\" is no time", excerpt(of[ROLE_TIME]), of[ROLE_TIME].data);
	else if (!slice_to_double(of[ROLE_VALUE], &value) || !isfinite(value))
		reader_bad(reader, line, "\"%.*s\" is no number", excerpt(of[ROLE_VALUE]), of[ROLE_VALUE].data);
	else if (of[ROLE_METRIC].size == 0)
		reader_bad(reader, line, "no metric is named");
	else
		reader_kept(
			reader, line, metrics_add(&reader->context->metrics, service, of[ROLE_METRIC], time, value));
}

static void item(struct context_reader *reader, const struct json_value *root, uint64_t line)
{
	struct values values;

	values_from_json(&values, root, false);
	put(reader, &values, line);
}

const struct kind_row context_metrics_kind = {
	.name = "metrics",
	.format = "CSV with a header: timestamp,service,metric,value in any order, further columns are passed over; or "
		  "JSON objects with these members. A column pod instead of service is stripped to its service. Times "
		  "are ISO 8601 or a number since 1970.",
	.header = "timestamp, metric and value (service too, if there is one)",
	.fits = fits,
	.put = put,
	.item = item,
};
