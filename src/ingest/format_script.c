/*
 * Loggers of Python, Ruby, Go, Rust, .NET and others.
 */
#include "ingest/format_header.h"
#include "ingest/format_rows.h"

static const struct format rows[] = {
	FORMAT_OF_PATTERNS("python", "Python: time - logger - LEVEL - message, and LEVEL:logger:message",
		"%{time} - %{logger:text} - %{level} - %{message}", "%{time} - %{level} - %{message}",
		"[%{time}] %{level} in %{logger}: %{message}", "[%{time}] {%{location}} %{level} - %{message}",
		"[%{time:yyyy-MM-dd HH:mm:ss Z}] [%{pid:number}] [%{level}] %{message}",
		"[%{time}: %{level}/%{process}] %{message}", "%{time} | %{level} | %{logger:text} - %{message}",
		"%{level}:%{logger}:%{message}"),
	FORMAT_OF_PATTERNS("ruby", "Ruby: I, [time #pid]  LEVEL -- program: message",
		"%{level:letter}, [%{time} #%{pid}] %{-} -- %{program:text}: %{message}",
		"%{level:letter}, [%{time} #%{pid}] %{-} -- : %{message}"),
	FORMAT_OF_PATTERNS("serilog", ".NET: time [INF] message", "%{time:yyyy-MM-dd HH:mm:ss Z} [%{level}] %{message}",
		"[%{time:HH:mm:ss} %{level}] %{message}"),
	FORMAT_OF_PATTERNS(
		"rust", "Rust's env_logger: [time LEVEL module] message", "[%{time} %{level} %{logger}] %{message}"),
};

const struct format_list formats_script = { rows, sizeof(rows) / sizeof(rows[0]) };
