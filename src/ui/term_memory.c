/*
 * A terminal for tests: what was presented is kept and can be read as text, keys are what was pushed.
 */
#include <stdlib.h>
#include <string.h>

#include "tocsin/ui/term.h"

enum { KEYS_MAX = 1024 };

struct memory {
	int columns, rows;
	struct grid shown;
	struct key keys[KEYS_MAX];
	size_t first, count;
};

static void memory_size(void *state, int *columns, int *rows)
{
	const struct memory *memory = state;
	*columns = memory->columns;
	*rows = memory->rows;
}

static void memory_present(void *state, const struct grid *grid, int cursor_x, int cursor_y)
{
	struct memory *memory = state;
	(void)cursor_x;
	(void)cursor_y;
	if (grid_resize(&memory->shown, grid->columns, grid->rows) == 0)
		memcpy(memory->shown.cells, grid->cells,
			(size_t)grid->columns * (size_t)grid->rows * sizeof(*grid->cells));
}

static bool memory_behind(void *state)
{
	(void)state;
	return false;
}

static bool memory_read_key(void *state, struct key *key)
{
	struct memory *memory = state;
	if (memory->count == 0)
		return false;
	*key = memory->keys[memory->first];
	memory->first = (memory->first + 1) % KEYS_MAX;
	memory->count--;
	return true;
}

static int memory_descriptor(void *state)
{
	(void)state;
	return -1;
}

static void memory_set_theme(void *state, const struct theme *theme)
{
	(void)state;
	(void)theme;
}

static void memory_set_mouse(void *state, bool on)
{
	(void)state;
	(void)on;
}

static void memory_nothing(void *state)
{
	(void)state;
}

static bool memory_copy(void *state, struct slice text)
{
	(void)state;
	return text.size <= TERM_COPY_MAX;
}

static uint64_t memory_bytes_sent(void *state)
{
	(void)state;
	return 0;
}

static void memory_destroy(void *state)
{
	struct memory *memory = state;
	grid_release(&memory->shown);
	free(memory);
}

static const struct term_ops memory_ops = {
	.size = memory_size,
	.present = memory_present,
	.behind = memory_behind,
	.read_key = memory_read_key,
	.descriptor = memory_descriptor,
	.set_theme = memory_set_theme,
	.set_mouse = memory_set_mouse,
	.repaint = memory_nothing,
	.suspend = memory_nothing,
	.resume = memory_nothing,
	.bell = memory_nothing,
	.copy = memory_copy,
	.bytes_sent = memory_bytes_sent,
	.destroy = memory_destroy,
};

int term_memory_create(struct term *term, int columns, int rows)
{
	struct memory *memory = calloc(1, sizeof(*memory));
	if (!memory)
		return ERROR_MEMORY;
	memory->columns = columns;
	memory->rows = rows;
	grid_init(&memory->shown);
	*term = (struct term){ &memory_ops, memory };
	return 0;
}

void term_memory_push(struct term *term, struct key key)
{
	struct memory *memory = term->state;
	if (memory->count == KEYS_MAX)
		return;
	memory->keys[(memory->first + memory->count) % KEYS_MAX] = key;
	memory->count++;
}

void term_memory_resize(struct term *term, int columns, int rows)
{
	struct memory *memory = term->state;
	memory->columns = columns;
	memory->rows = rows;
	term_memory_push(term, (struct key){ .code = KEY_CODE_RESIZE });
}

const struct grid *term_memory_grid(const struct term *term)
{
	const struct memory *memory = term->state;
	return &memory->shown;
}

int term_memory_dump(const struct term *term, bool roles, struct buffer *out)
{
	const struct grid *grid = term_memory_grid(term);
	for (int y = 0; y < grid->rows; y++) {
		grid_row_text(grid, y, out);
		buffer_append_byte(out, '\n');
		if (roles) {
			grid_row_roles(grid, y, out);
			buffer_append_byte(out, '\n');
		}
	}
	return out->failed;
}
