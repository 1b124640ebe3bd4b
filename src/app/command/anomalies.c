#include "app/command/load.h"
#include "tocsin/analyst/report.h"
#include "tocsin/base/utf8.h"

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	uint64_t limit = settings_count(&invocation->settings, SETTING_LIMIT);
	incident_detect(incident, horizon_all(incident->store));
	size_t count = detect_count(incident->detect);
	for (size_t i = 0; i < count && (limit == 0 || i < limit); i++) {
		const struct finding *finding = detect_finding(incident->detect, i);
		if (as_json) {
			struct json json;
			json_init(&json, out);
			report_json_finding(&json, incident->store, incident->reader, finding);
		} else {
			char start[40];
			buffer_append_format(out, "%s  %-18s ",
				timestamp_format(finding->start, TIMESTAMP_MILLIS, &incident->zone, start),
				finding_kind_name(finding->kind));
			utf8_append_shown(out, slice_of(finding->sentence), SIZE_MAX);
		}
		buffer_append_byte(out, '\n');
	}
	if (count == 0 && !as_json)
		buffer_append_string(out, "nothing abnormal was found\n");
	return EXIT_DONE;
}

int command_anomalies(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ 0 }, body);
}
