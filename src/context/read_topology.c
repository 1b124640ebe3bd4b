#include "context/reader.h"

static void text(struct context_reader *reader, struct slice line, uint64_t number)
{
	size_t before = topology_count(&reader->context->topology);
	int result = topology_add_line(&reader->context->topology, line);

	reader_file(reader)->rows += topology_count(&reader->context->topology) - before;
	if (result == ERROR_INPUT)
		reader_bad(reader, number, "a line of the topology is `caller -> callee`");
	else if (result != 0)
		reader_bad(reader, number, "no room for more");
}

const struct kind_row context_topology_kind = {
	.name = "topology",
	.format = "lines `caller -> callee`; several callees with commas between them, chains `a -> b -> c`, comments "
		  "behind #. What traces show is added to it.",
	.text = text,
};
