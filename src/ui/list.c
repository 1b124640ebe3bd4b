/*
 * Arithmetic on a list's rows.
 */
#include "ui/list.h"

bool list_move(enum action action, int *selected, int count, int page)
{
	int to = *selected;
	page = page > 1 ? page : 1;
	switch (action) {
	case ACTION_UP:
		to -= 1;
		break;
	case ACTION_DOWN:
		to += 1;
		break;
	case ACTION_HALF_UP:
		to -= (page + 1) / 2;
		break;
	case ACTION_HALF_DOWN:
		to += (page + 1) / 2;
		break;
	case ACTION_PAGE_UP:
		to -= page;
		break;
	case ACTION_PAGE_DOWN:
		to += page;
		break;
	case ACTION_TOP:
		to = 0;
		break;
	case ACTION_BOTTOM:
		to = count - 1;
		break;
	default:
		return false;
	}
	*selected = to >= count ? (count > 0 ? count - 1 : 0) : to < 0 ? 0 : to;
	return true;
}

int list_top(int top, int selected, int count, int rows)
{
	if (rows < 1)
		return selected > 0 ? selected : 0;
	if (top > selected)
		top = selected;
	if (top < selected - rows + 1)
		top = selected - rows + 1;
	if (top > count - rows)
		top = count - rows;
	return top > 0 ? top : 0;
}
