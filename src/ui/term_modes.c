#include "ui/term_modes.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <ncurses.h>

#include "tocsin/base/error.h"
#include "tocsin/ui/term.h"

/* All that a signal handler needs, set down while there is time. */
static struct {
	volatile sig_atomic_t armed;
	int terminal;
	struct termios modes; /* as they were before */
	char bytes[256];
	size_t size;
} emergency;

void term_ncurses_emergency(void)
{
	if (!emergency.armed)
		return;
	emergency.armed = 0;
	/* Modes first: a terminal that is held by ^S would keep the write waiting. */
	tcsetattr(emergency.terminal, TCSANOW, &emergency.modes);
	ssize_t written = write(emergency.terminal, emergency.bytes, emergency.size);
	(void)written;
}

/* Appends a terminfo string without its padding, `$<...>`. */
static void remember(const char *capability)
{
	const char *text = tigetstr(capability);
	if (!text || text == (const char *)-1)
		return;
	while (*text && emergency.size < sizeof(emergency.bytes)) {
		const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
		if (end)
			text = end + 1;
		else
			emergency.bytes[emergency.size++] = *text++;
	}
}

int term_modes_note(int terminal)
{
	emergency.terminal = terminal;
	return tcgetattr(terminal, &emergency.modes) == 0 ? 0 : ERROR_SYSTEM;
}

void term_modes_prepare(void)
{
	static const char *const capabilities[] = { "op", "sgr0", "rmkx", "cnorm", "rmcup" };
	static const char mouse_off[] = "\033[?1006l\033[?1000l";
	emergency.size = 0;
	if (key_defined("\033[M") > 0 || key_defined("\033[<") > 0) {
		memcpy(emergency.bytes, mouse_off, sizeof(mouse_off) - 1);
		emergency.size = sizeof(mouse_off) - 1;
	}
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		remember(capabilities[i]);
}

/* Keys one by one and unchanged, no signals from keys; flow control stays as its owner has it. Curses counts on newline
 * going to column 0. */
void term_modes_take(void)
{
	struct termios modes = emergency.modes;
	modes.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | PARMRK);
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	modes.c_oflag |= OPOST | ONLCR;
	modes.c_oflag &= ~(tcflag_t)(TABDLY | OCRNL | ONOCR | ONLRET);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	tcsetattr(emergency.terminal, TCSANOW, &modes);
	emergency.armed = 1;
}

void term_modes_give_back(void)
{
	emergency.armed = 0;
	tcsetattr(emergency.terminal, TCSANOW, &emergency.modes);
}

bool term_modes_taken(void)
{
	return emergency.armed;
}
