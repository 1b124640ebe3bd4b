/*
 * libcurl, loaded when it is first needed: the functions that the client uses, in one list.
 */
#ifndef IO_CURL_H
#define IO_CURL_H

#include "tocsin/base/error.h"

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#define CURL_FUNCTIONS(X)                                                                                              \
	X(curl_global_init)                                                                                            \
	X(curl_easy_init)                                                                                              \
	X(curl_easy_setopt)                                                                                            \
	X(curl_easy_getinfo)                                                                                           \
	X(curl_easy_cleanup)                                                                                           \
	X(curl_slist_append)                                                                                           \
	X(curl_slist_free_all)                                                                                         \
	X(curl_multi_init)                                                                                             \
	X(curl_multi_setopt)                                                                                           \
	X(curl_multi_add_handle)                                                                                       \
	X(curl_multi_remove_handle)                                                                                    \
	X(curl_multi_socket_action)                                                                                    \
	X(curl_multi_assign)                                                                                           \
	X(curl_multi_info_read)                                                                                        \
	X(curl_multi_cleanup)

/* These are macros of curl's header, too. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

struct curl {
	void *library;
#define CURL_MEMBER(function) __typeof__(&function) function;
	CURL_FUNCTIONS(CURL_MEMBER)
#undef CURL_MEMBER
};

/* Loads and initialises; once loaded it does nothing. */
int curl_load(struct curl *curl, struct error *error);
void curl_unload(struct curl *curl);

#endif
