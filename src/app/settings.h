/*
 * Settings: one table names each with its flag, its environment variable, its default, its kind and its help. The
 * command line, the configuration file, `--env-file`, `:set`, `tocsin config`, `--help` and the manual all read that
 * table.
 *
 * Values lie in layers; the highest layer that has one wins. Reloading replaces one layer as a whole or leaves it as it
 * was.
 */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "tocsin/base/buffer.h"
#include "tocsin/base/error.h"
#include "tocsin/base/vector.h"

enum setting_kind {
	SETTING_TEXT,
	SETTING_SECRET, /* a text that is never shown */
	SETTING_FLAG,
	SETTING_COUNT_,
	SETTING_NUMBER,
	SETTING_DURATION,
	SETTING_ZONE,
	SETTING_LEVEL,
	SETTING_SPEED
};

/* clang-format off */
/* X(IDENTIFIER, "name", 'short' or 0, "ARGUMENT" ("" for a flag, NULL for no flag), "ENVIRONMENT" or NULL, "default" or
 * NULL, KIND, "help") */
#define SETTING_LIST(X)                                                                                                                              \
	X(FILTER, "filter", 'f', "EXPR", NULL, NULL, TEXT, "only what matches, as in `level>=error service:payment* \"timed out\"`")                \
	X(SINCE, "since", 0, "TIME", NULL, NULL, TEXT, "from this time on: 20:41, 2025-05-17T20:41:07, or 10m before the end")                      \
	X(UNTIL, "until", 0, "TIME", NULL, NULL, TEXT, "up to this time")                                                                            \
	X(TZ, "tz", 0, "ZONE", NULL, "UTC", ZONE, "zone of times without one, and of the times shown: UTC, local, +02:00, Europe/Berlin")            \
	X(FORMAT, "format", 0, "NAME", NULL, NULL, TEXT, "format of the sources instead of the one detected (`tocsin formats` lists them)")         \
	X(FAST, "fast", 0, "", NULL, NULL, FLAG, "read large files with every core (else gently, with one)")                                          \
	X(BASELINE, "baseline", 0, "SOURCE", NULL, NULL, TEXT, "a log of quiet times to compare with: before, after or beside what is looked at")  \
	X(SOURCE_RULE, "source-rule", 0, "RULE", NULL, NULL, TEXT, "of sources by name: `GLOB tz=ZONE format=NAME shift=1.5s sample=1/10; ...`")      \
	X(SOURCE_RETRY, "source.retry", 0, NULL, NULL, "1s", DURATION, "before a broken connection is tried again; doubled up to a minute")          \
	X(TRY, "try", 0, "FILE", NULL, NULL, TEXT, "`tocsin formats`: how the first records of FILE are read")                                       \
	X(ISSUE, "issue", 0, "TEXT", NULL, NULL, TEXT, "what somebody said is wrong")                                                                \
	X(METRICS, "metrics", 0, "FILE", NULL, NULL, TEXT, "metrics beside the log: CSV timestamp,service,metric,value")                             \
	X(TRACES, "traces", 0, "FILE", NULL, NULL, TEXT, "traces beside the log: spans as CSV or JSON")                                              \
	X(CHANGES, "changes", 0, "FILE", NULL, NULL, TEXT, "commits, deploys and flags, as JSON")                                                    \
	X(ALERT, "alert", 0, "FILE", NULL, NULL, TEXT, "the alert that fired, as JSON")                                                              \
	X(TOPOLOGY, "topology", 0, "FILE", NULL, NULL, TEXT, "who calls whom: lines `caller -> callee`; traces add what they show")                  \
	X(RUNBOOKS, "runbooks", 0, "DIR", NULL, NULL, TEXT, "folder of runbooks: *.md, each with `match:` in its head")                              \
	X(LIMIT, "limit", 'n', "N", NULL, "0", COUNT_, "print at most N results (0: all)")                                                           \
	X(DB, "db", 0, "FILE", "TOCSIN_DB", NULL, TEXT, "database of tickets; default $XDG_STATE_HOME/tocsin/tocsin.db; `none` keeps none")          \
	X(ACTOR, "actor", 0, "NAME", "USER", NULL, TEXT, "who is written into the journal of tickets")                                              \
	X(ROSTER, "roster", 0, "FILE", NULL, NULL, TEXT, "who owns which service; default $XDG_CONFIG_HOME/tocsin/roster.conf")                      \
	X(THEME, "theme", 0, "NAME", NULL, "default", TEXT, "colours: a name that `tocsin themes` lists, or a file")                                \
	X(REPLAY, "replay", 0, "[=SPEED]", NULL, NULL, SPEED, "play the log against its own clock, SPEED times as fast (default 1)")                 \
	X(SCRIPT, "script", 0, "FILE", NULL, NULL, TEXT, "drive the console with the keys in FILE and print the screens it dumps")                   \
	X(PLAIN, "plain", 0, "", NULL, NULL, FLAG, "no full screen: print the analysis, line after line")                                            \
	X(JSON, "json", 0, "", NULL, NULL, FLAG, "print JSON: stdout holds nothing else")                                                            \
	X(ASSIGN, "assign", 0, "", NULL, NULL, FLAG, "`templates`: print which template each line has")                                               \
	X(YES, "yes", 0, "", NULL, NULL, FLAG, "`tickets approve`: the ticket was looked at, do not ask")                                            \
	X(CONFIG_FILE, "config-file", 0, "FILE", NULL, NULL, TEXT, "configuration; default $XDG_CONFIG_HOME/tocsin/tocsin.conf")                      \
	X(ENV_FILE, "env-file", 0, "FILE", NULL, NULL, TEXT, "read NAME=VALUE lines as if they stood in the environment")                            \
	X(LOG_FILE, "log-file", 0, "FILE", NULL, NULL, TEXT, "tocsin's own log, as JSON lines without secrets")                                      \
	X(LOG_LEVEL, "log-level", 0, "LEVEL", NULL, "INFO", LEVEL, "what goes into it: TRACE DEBUG INFO WARN ERROR FATAL")                           \
	X(DATA_DIR, "data-dir", 0, "DIR", "DATA_DIR", "logs", TEXT, "where logs are looked for when no SOURCE is given, or one is not found")        \
	X(MODELS_DIR, "models-dir", 0, "DIR", "MODELS_DIR", NULL, TEXT, "where trained models are kept; default the state folder's models/")         \
	X(WATCH, "detect.watch", 0, NULL, NULL, NULL, TEXT, "what detectors look at: a filter of source:, service:, level:, template:, as in `source:*-prod* -service:batch`") \
	X(PROVIDER, "provider", 0, "NAME", NULL, NULL, TEXT, "who answers: builtin openai anthropic deepseek llama ollama compatible, or replay:FILE; default: the first configured") \
	X(MODEL, "model", 0, "NAME", "MODEL_NAME", NULL, TEXT, "the model to ask, in its provider's words")                                         \
	X(OPENAI_KEY, "openai.key", 0, NULL, "OPENAI_API_KEY", NULL, SECRET, "key of OpenAI, or of a compatible server")                             \
	X(OPENAI_URL, "openai.url", 0, NULL, "OPENAI_BASE_URL", NULL, TEXT, "another server that speaks as OpenAI does")                             \
	X(ANTHROPIC_KEY, "anthropic.key", 0, NULL, "ANTHROPIC_API_KEY", NULL, SECRET, "key of Anthropic")                                            \
	X(ANTHROPIC_URL, "anthropic.url", 0, NULL, "ANTHROPIC_BASE_URL", NULL, TEXT, "another server that speaks as Anthropic does")                 \
	X(DEEPSEEK_KEY, "deepseek.key", 0, NULL, "DEEPSEEK_API_KEY", NULL, SECRET, "key of DeepSeek")                                                \
	X(DEEPSEEK_URL, "deepseek.url", 0, NULL, "DEEPSEEK_API_URL", NULL, TEXT, "another server that speaks as DeepSeek does")                      \
	X(DEEPSEEK_MODEL, "deepseek.model", 0, NULL, "DEEPSEEK_MODEL", NULL, TEXT, "its model, unless --model names one; default deepseek-chat")     \
	X(LLAMA_URL, "llama.url", 0, NULL, "LLAMA_URL", NULL, TEXT, "a llama.cpp server; default http://localhost:8080")                             \
	X(LLAMA_KEY, "llama.key", 0, NULL, "LLAMA_API_KEY", NULL, SECRET, "its key, where it wants one")                                             \
	X(OLLAMA_URL, "ollama.url", 0, NULL, "OLLAMA_URL", NULL, TEXT, "an Ollama server; default http://localhost:11434")                           \
	X(LLM_SPEAKS, "llm.speaks", 0, NULL, NULL, NULL, TEXT, "how the server is spoken to, if not as its provider: responses chat anthropic ollama") \
	X(LLM_TEMPERATURE, "llm.temperature", 0, NULL, "LLM_TEMPERATURE", "0.7", NUMBER, "temperature, where the model takes one")                   \
	X(LLM_TIMEOUT, "llm.timeout", 0, NULL, "LLM_TIMEOUT", "120s", DURATION, "how long a model may be silent")                                    \
	X(LLM_RETRIES, "llm.retries", 0, NULL, "LLM_MAX_RETRIES", "3", COUNT_, "how often a failed request is made again before anything was shown") \
	X(LLM_CONTEXT, "llm.context", 0, NULL, NULL, "0", COUNT_, "tokens that fit the model (0: ask the server)")                                   \
	X(LLM_TURNS, "llm.turns", 0, NULL, NULL, "12", COUNT_, "turns a model may take over one question")                                           \
	X(LLM_TOKENS, "llm.tokens", 0, NULL, NULL, "400000", COUNT_, "tokens, in and out")                                                           \
	X(LLM_TIME, "llm.time", 0, NULL, NULL, "10m", DURATION, "time")                                                                              \
	X(LLM_DOLLARS, "llm.dollars", 0, NULL, NULL, NULL, NUMBER, "money, US dollars, where the price is known")                                    \
	X(LLM_PRICES, "llm.prices", 0, NULL, NULL, NULL, TEXT, "file of prices: `model = input cached output`, dollars for a million tokens")        \
	X(LLM_PROMPTS, "llm.prompts", 0, NULL, NULL, NULL, TEXT, "folder of prompts that come before the installed ones")                            \
	X(REDACT, "redact", 0, NULL, NULL, "auto", TEXT, "replace secrets and identities in what a model is sent: auto (not for loopback), always, never") \
	X(REDACT_PATTERNS, "redact.patterns", 0, NULL, NULL, NULL, TEXT, "file of regular expressions, one a line: what they match is replaced, too") \
	X(RECORD, "record", 0, "FILE", NULL, NULL, TEXT, "keep every exchange with the model, redacted; --provider replay:FILE plays it again")       \
	X(NO_CACHE, "no-cache", 0, "", NULL, NULL, FLAG, "use nothing kept from earlier runs (as yet no answers and no index are kept)")                                           \
	X(THRESHOLD_COUNT, "detect.threshold-count", 0, NULL, NULL, "5", COUNT_, "errors within the threshold window that make a finding")          \
	X(THRESHOLD_WINDOW, "detect.threshold-window", 0, NULL, NULL, "60s", DURATION, "the threshold window")                                       \
	X(THRESHOLD_COOLDOWN, "detect.threshold-cooldown", 0, NULL, NULL, "300s", DURATION, "before the same threshold is raised again")             \
	X(FATAL_COUNT, "detect.fatal-count", 0, NULL, NULL, "5", COUNT_, "occurrences of a FATAL template in a service that propose a ticket")       \
	X(SPIKE_RATIO, "detect.spike-ratio", 0, NULL, NULL, "4", NUMBER, "times its own baseline that make an error spike")                          \
	X(SPIKE_MINIMUM, "detect.spike-minimum", 0, NULL, NULL, "10", COUNT_, "errors in a spike bucket, at least")                                   \
	X(SPIKE_BUCKET, "detect.spike-bucket", 0, NULL, NULL, "10s", DURATION, "length of a spike bucket")                                           \
	X(CONNECTION_COUNT, "detect.connection-count", 0, NULL, NULL, "3", COUNT_, "connection failures of one kind in one service that make a finding") \
	X(CONNECTION_WINDOW, "detect.connection-window", 0, NULL, NULL, "60s", DURATION, "within this time") \
	X(CASCADE_COUNT, "detect.cascade-count", 0, NULL, NULL, "3", COUNT_, "services that fail one after the other that make a cascade") \
	X(CASCADE_LINK, "detect.cascade-link", 0, NULL, NULL, "60s", DURATION, "between one that begins to fail and the next") \
	X(NOVELTY_COUNT, "detect.novelty-count", 0, NULL, NULL, "3", COUNT_, "occurrences of a new template of WARN or worse that make a finding") \
	X(NOVELTY_WINDOW, "detect.novelty-window", 0, NULL, NULL, "60s", DURATION, "within this time") \
	X(LATENCY_RATIO, "detect.latency-ratio", 0, NULL, NULL, "3", NUMBER, "times its own usual latency that make a latency spike") \
	X(LATENCY_MINIMUM, "detect.latency-minimum", 0, NULL, NULL, "50ms", DURATION, "and at least so much above it") \
	X(LATENCY_BUCKET, "detect.latency-bucket", 0, NULL, NULL, "10s", DURATION, "times are put together in buckets at least so long") \
	X(LEAK_GROWTH, "detect.leak-growth", 0, NULL, NULL, "0.25", NUMBER, "part by which memory grows without falling back that makes a leak") \
	X(LEAK_WINDOW, "detect.leak-window", 0, NULL, NULL, "15m", DURATION, "in no less time than this") \
	X(MISSING_COUNT, "detect.missing-count", 0, NULL, NULL, "30", COUNT_, "times (of 10 s) a template was there before it can be missed") \
	X(MISSING_LEAST, "detect.missing-least", 0, NULL, NULL, "2m", DURATION, "it is away for this long at least") \
	X(LEARNING, "detect.learning", 0, NULL, NULL, "60s", DURATION, "nothing is new while the log is younger than this") \
	X(LSTM, "lstm", 0, "FILE", NULL, NULL, TEXT, "what `tocsin train` learnt: importance of records by it")                                      \
	X(IMPORTANCE, "importance", 0, "", NULL, NULL, FLAG, "the console works out how important records are and marks those above 0.9")             \
	X(SESSIONS, "sessions", 0, "REGEX", NULL, NULL, TEXT, "names the session of a line, by its group or as a whole, as in 'blk_-?[0-9]+'")       \
	X(OUTPUT, "output", 'o', "FILE", NULL, NULL, TEXT, "`tocsin train`: where what was learnt is written")                                       \
	X(LEARN_LENGTH, "learn.max-sequence-length", 0, NULL, NULL, "100", COUNT_, "events that are learnt together")                                \
	X(LEARN_EMBEDDING, "learn.embedding", 0, NULL, NULL, "128", COUNT_, "width of an event in the network")                                      \
	X(LEARN_UNITS, "learn.units", 0, NULL, NULL, "64", COUNT_, "units of a layer, a multiple of 8")                                              \
	X(LEARN_LAYERS, "learn.layers", 0, NULL, NULL, "1", COUNT_, "LSTM layers, 1 or 2")                                                           \
	X(LEARN_DROPOUT, "learn.dropout", 0, NULL, NULL, "0.2", NUMBER, "part of a layer's output that is dropped while learning")                   \
	X(LEARN_BATCH, "learn.batch", 0, NULL, NULL, "32", COUNT_, "sequences that are learnt from at once")                                         \
	X(LEARN_EPOCHS, "learn.epochs", 0, NULL, NULL, "50", COUNT_, "times through the log, at most: it stops when it gets no better")              \
	X(LEARN_VALIDATION, "learn.validation", 0, NULL, NULL, "0.2", NUMBER, "part of the sequences that is held out")                              \
	X(LEARN_SEED, "learn.seed", 0, NULL, NULL, "1", COUNT_, "the same seed, log and settings give the same model")                               \
	X(LEARN_WITHOUT, "learn.without", 0, NULL, NULL, NULL, TEXT, "parts left out of importance, as in `gap,error`")

/* clang-format on */

enum setting {
#define SETTING_ENUM(identifier, ...) SETTING_##identifier,
	SETTING_LIST(SETTING_ENUM)
#undef SETTING_ENUM
		SETTING_COUNT
};

struct setting_row {
	const char *name;
	char short_name;
	const char *argument; /* NULL: no flag on the command line; "" takes none; "[=X]" takes one only behind '=' */
	const char *environment;
	const char *fallback;
	enum setting_kind kind;
	const char *help;
};
const struct setting_row *setting_row(enum setting setting);
enum setting setting_find(struct slice name); /* SETTING_COUNT when unknown */

enum setting_layer { LAYER_DEFAULT, LAYER_FILE, LAYER_ENVIRONMENT, LAYER_FLAG, LAYER_SESSION, LAYER_COUNT };

/* [format NAME], [source GLOB]: app/sources.h */
struct settings_line {
	char *section, *name, *value;
	int number;
};

struct settings {
	char *values[LAYER_COUNT][SETTING_COUNT]; /* owned; NULL where the layer says nothing */
	int lines[SETTING_COUNT];                 /* of the configuration file */
	struct vector sections;                   /* of it: struct settings_line, of sections that may be called anything */
	char file[512];                           /* the configuration file that was read, or "" */
};

int settings_init(struct settings *settings); /* with the defaults; ERROR_MEMORY */
void settings_release(struct settings *settings);

/* Checks the value by the kind of the setting; on failure the sentence names setting and value and nothing changes. */
int settings_put(struct settings *settings, enum setting_layer layer, enum setting setting, struct slice value,
	struct error *error);
void settings_drop(struct settings *settings, enum setting_layer layer, enum setting setting);
/* Reads a configuration file into its layer; a bad file leaves the layer as it was and the sentence names file, line
   and key. Absent files are ERROR_ABSENT. */
int settings_read_file(struct settings *settings, const char *path, struct error *error);
/* Takes what the table names out of NAME=VALUE strings (environ, or the lines of an --env-file). */
int settings_read_environment(struct settings *settings, char *const *environment, struct error *error);
int settings_read_env_file(struct settings *settings, const char *path, struct error *error);

/* The value in force, or NULL. */
const char *settings_text(const struct settings *settings, enum setting setting);
bool settings_given(const struct settings *settings, enum setting setting); /* somebody set it: not the default */
bool settings_flag(const struct settings *settings, enum setting setting);
uint64_t settings_count(const struct settings *settings, enum setting setting);
double settings_number(const struct settings *settings, enum setting setting);
int64_t settings_duration(const struct settings *settings, enum setting setting);
enum setting_layer settings_layer(const struct settings *settings, enum setting setting);
/* "default", "tocsin.conf:12", "TOCSIN_DB", "--db", ":set" */
int settings_origin(const struct settings *settings, enum setting setting, struct buffer *out);

#endif
