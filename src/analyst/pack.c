#include "tocsin/analyst/pack.h"

#include "analyst/inside.h"
#include "tocsin/analyst/tool.h"
#include "tocsin/llm/chat.h"

#include <stdio.h>

#define PART_BYTES ((size_t)TOOL_RESULT * 2)
#define FINDINGS 12
#define RANKED 6

/* A part that a tool tells: its arguments with the number of items wanted. */
static const struct part {
	const char *tool;
	const char *arguments; /* with %u for the limit */
	unsigned share;        /* of the budget, percent */
	unsigned most;
} parts[] = {
	{ "overview", "{}", 15, 1 },
	{ "first_errors", "{\"limit\":%u}", 15, 20 },
	{ "templates", "{\"limit\":%u}", 25, 40 },
	{ "search_logs", "{\"filter\":\"level>=fatal\",\"limit\":%u}", 12, 20 },
	{ "search_logs", "{\"filter\":\"level>=error -level>=fatal\",\"limit\":%u}", 18, 30 },
};
#define VERDICT_SHARE 15

/* --- the built-in verdict ---- */

static void say_verdict(struct buffer *out, const struct analysis_input *input, const struct verdict *verdict)
{
	buffer_append_format(
		out, "verdict: %s, confidence %.2f\n", verdict_kind_name(verdict->kind), verdict->confidence);
	buffer_append_format(out, "summary: %.*s\n", (int)verdict->summary.size, verdict->summary.data);
	for (size_t i = 0; i < verdict->ranking_count && i < RANKED; i++) {
		struct slice name = store_service_name(input->store, verdict->ranking[i].service);

		buffer_append_format(out, "suspect %zu: %.*s, score %.2f: %.*s\n", i + 1, (int)name.size, name.data,
			verdict->ranking[i].score, (int)verdict->ranking[i].reasons.size,
			verdict->ranking[i].reasons.data);
	}
}

/* The analysis's own copies: the detectors go on meanwhile. */
static void say_findings(struct buffer *out, const struct analysis *analysis)
{
	size_t count = analysis->findings.count;

	for (size_t i = 0; i < count && i < FINDINGS; i++) {
		const struct finding *finding = vector_at(&analysis->findings, i);

		buffer_append_format(out, "finding: %s: %s\n", finding_kind_name(finding->kind), finding->sentence);
	}
	if (count > FINDINGS)
		buffer_append_format(out, "(%zu more findings)\n", count - FINDINGS);
}

/* Whole lines of `text` within the budget. */
static void append_lines(struct buffer *out, struct slice text, size_t tokens)
{
	struct slice line;

	while (slice_next(&text, '\n', &line)) {
		size_t cost = chat_tokens(line);

		if (cost > tokens) {
			buffer_append_string(out, "(more was left out)\n");
			return;
		}
		tokens -= cost;
		buffer_append_slice(out, line);
		buffer_append_byte(out, '\n');
	}
}

static int append_verdict(struct buffer *out, const struct analysis_input *input, struct analysis *analysis,
	const struct fence *fence, size_t tokens)
{
	struct buffer all, fits;
	int result;

	buffer_init(&all, PART_BYTES);
	buffer_init(&fits, PART_BYTES);
	if (analysis != NULL && analysis->have_verdict) {
		say_verdict(&all, input, &analysis->verdict);
		say_findings(&all, analysis);
	}
	append_lines(&fits, buffer_slice(&all), tokens);
	result = fits.size == 0 ? 0 : fence_append(out, fence, "builtin_analyst", buffer_slice(&fits));
	buffer_release(&all);
	buffer_release(&fits);
	return result;
}

/* --- the parts ---- */

/* The part in the largest measure that fits: halved until it does. Nothing at all when even one item does not. */
static int append_part(struct buffer *out, const struct analysis_input *input, const struct part *part,
	const struct fence *fence, size_t tokens)
{
	struct buffer result;
	int code = 0;

	buffer_init(&result, PART_BYTES);
	for (unsigned limit = part->most; limit > 0; limit /= 2) {
		char arguments[160];

		snprintf(arguments, sizeof(arguments), part->arguments, limit);
		buffer_clear(&result);
		code = tool_run(tool_find(slice_of(part->tool)), input, slice_of(arguments), &result, NULL);
		if (code != 0 || chat_tokens(buffer_slice(&result)) <= tokens)
			break;
		buffer_clear(&result);
	}
	if (code == 0 && result.size > 0)
		code = fence_append(out, fence, part->tool, buffer_slice(&result));
	else if (code == 0)
		buffer_append_format(out, "(%s: left out for want of room; ask for it)\n", part->tool);
	buffer_release(&result);
	return code == ERROR_MEMORY ? code : out->failed;
}

int pack_append(struct buffer *out, const struct analysis_input *input, struct analysis *analysis,
	const struct fence *fence, size_t tokens)
{
	size_t begin = out->size, due = tokens * VERDICT_SHARE / 100;
	int result = append_verdict(out, input, analysis, fence, due);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && result >= 0; i++) {
		size_t used = chat_tokens(slice_from(buffer_slice(out), begin));

		due += tokens * parts[i].share / 100;
		result = append_part(out, input, &parts[i], fence, due > used ? due - used : 0);
	}
	return result < 0 ? result : out->failed;
}
