/*
 * What servers write of themselves: web servers, databases, brokers, Kubernetes.
 */
#include "ingest/format_header.h"
#include "ingest/format_rows.h"

static const struct format rows[] = {
	FORMAT_OF_PATTERNS("klog", "Kubernetes and glog: I0102 15:04:05.000000 pid file:line] message",
		"%{level:letter}%{time:MMdd HH:mm:ss} %{pid:number} %{location}] %{message}",
		"%{level:letter}%{time:yyyyMMdd HH:mm:ss} %{pid:number} %{location}] %{message}"),
	FORMAT_OF_PATTERNS("nginx-error", "nginx: 2025/01/01 12:00:00 [error] pid#tid: *connection message",
		"%{time:yyyy/MM/dd HH:mm:ss} [%{level}] %{pid:number}#%{tid:number}: %(*%{connection:number} "
		"%)%{message}"),
	FORMAT_OF_PATTERNS("apache-error", "Apache httpd: [Sun Dec 04 04:47:44 2005] [error] message, also of 2.4",
		"[%{time:EEE MMM d HH:mm:ss yyyy}] [%{level}] %{message}",
		"[%{time:EEE MMM d HH:mm:ss yyyy}] [%{module}:%{level}] [pid %{pid:text}] %{message}"),
	FORMAT_OF_PATTERNS("postgresql", "PostgreSQL: time UTC [pid] LOG:  message",
		"%{time:yyyy-MM-dd HH:mm:ss z} [%{pid:text}] %{level:any}: %{message}",
		"%{time:yyyy-MM-dd HH:mm:ss z} [%{pid:text}] %{session:text} %{level:any}: %{message}"),
	FORMAT_OF_PATTERNS("mysql", "MySQL and MariaDB: time thread [Level] [code] [subsystem] message",
		"%{time} %{thread:number} [%{level:any}] %([%{code}] %)%([%{subsystem}] %)%{message}",
		"%{time:yyyy-MM-dd H:mm:ss} %{thread:number} [%{level:any}] %{message}"),
	FORMAT_OF_PATTERNS("redis", "Redis: pid:role 01 Jan 2025 12:00:00.000 * message",
		"%{pid:number}:%{role} %{time:dd MMM yyyy HH:mm:ss} %{level:letter} %{message}"),
	FORMAT_OF_PATTERNS("rabbitmq", "RabbitMQ: time [level] <process> message",
		"%{time:yyyy-MM-dd HH:mm:ss Z} [%{level}] <%{process}> %{message}",
		"%{time} [%{level}] <%{process}> %{message}"),
	FORMAT_OF_PATTERNS("etcd", "etcd and Consul: time I | package: message, time [INFO] message",
		"%{time} %{level:letter} | %{logger}: %{message}", "%{time} [%{level}] %{message}"),
	FORMAT_OF_PATTERNS(
		"go", "Go's log package: 2025/01/01 12:00:00 message", "%{time:yyyy/MM/dd HH:mm:ss} %{message}"),
};

const struct format_list formats_server = { rows, sizeof(rows) / sizeof(rows[0]) };
