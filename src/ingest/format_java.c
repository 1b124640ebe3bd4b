/*
 * Loggers of the Java world. The service is not the logger: a hundred classes are still one program.
 */
#include "ingest/format_header.h"
#include "ingest/format_rows.h"

static const struct format rows[] = {
	FORMAT_OF_PATTERNS("spring", "Spring Boot: time LEVEL pid --- [thread] logger : message",
		"%{time} %{level} %{pid:number} --- [%{thread:text}] %{logger} : %{message}",
		"%{time} %{level} %{pid:number} --- [%{application:text}] [%{thread:text}] %{logger} : %{message}"),
	FORMAT_OF_PATTERNS("log4j",
		"log4j: time LEVEL [thread] logger: message, as Hadoop, Spark and ZooKeeper write it",
		"%{time} %{level} [%{thread:text}] %{logger}: %{message}",
		"%{time} %{level} [%{thread:text}] %{logger} - %{message}",
		"%{time} - %{level} [%{thread:text}] - %{message}", "%{time} %{level} %{logger}: %{message}",
		"%{time} %{level} %{logger} - %{message}", "%{time:yy/MM/dd HH:mm:ss} %{level} %{logger}: %{message}",
		"%{time:HH:mm:ss} %{level} [%{logger}] (%{thread:text}) %{message}",
		"%{time} %{level} [%{logger}] (%{thread:text}) %{message}"),
	FORMAT_OF_PATTERNS("logback", "logback: time [thread] LEVEL logger - message",
		"%{time} [%{thread:text}] %{level} %{logger} - %{message}",
		"%{time} [%{thread:text}] %{level} %{logger}: %{message}",
		"%{time:HH:mm:ss} [%{thread:text}] %{level} %{logger} - %{message}",
		"%{time} [%{thread:text}] %{level} %{logger} %{message}"),
	FORMAT_OF_PATTERNS("elasticsearch", "Elasticsearch: [time][LEVEL][logger] [node] message",
		"[%{time}][%{level}][%{logger:text}] [%{node}]%( [%{index}]%) %{message}"),
	FORMAT_OF_PATTERNS("kafka", "Kafka: [time] LEVEL message (logger)", "[%{time}] %{level} %{message}"),
	FORMAT_OF_PATTERNS("cassandra", "Cassandra: LEVEL [thread] time location - message",
		"%{level} [%{thread:text}] %{time} %{location} - %{message}"),
	FORMAT_OF_PATTERNS("tomcat", "Tomcat: 01-Jan-2025 12:00:00.000 LEVEL [thread] logger message",
		"%{time:dd-MMM-yyyy HH:mm:ss} %{level} [%{thread:text}] %{logger} %{message}"),
};

const struct format_list formats_java = { rows, sizeof(rows) / sizeof(rows[0]) };
