#include "cairn_curl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// The library is loaded when a board has witnesses, since it brings thirty others along.
static struct {
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_perform)(CURL *);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  void (*easy_cleanup)(CURL *);
  const char *(*easy_strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
} lib;

static int find(void *handle, const char *name, void **function) {
  *function = dlsym(handle, name);
  return *function == NULL;
}

int cairn_curl_load(char *error, size_t length) {
  static int is_loaded = 0;
  if (is_loaded) return 0;
  void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) {
    snprintf(error, length, "%s", dlerror());
    return 1;
  }
  if (find(handle, "curl_global_init", (void **)&lib.global_init) ||
      find(handle, "curl_easy_init", (void **)&lib.easy_init) ||
      find(handle, "curl_easy_setopt", (void **)&lib.easy_setopt) ||
      find(handle, "curl_easy_perform", (void **)&lib.easy_perform) ||
      find(handle, "curl_easy_getinfo", (void **)&lib.easy_getinfo) ||
      find(handle, "curl_easy_cleanup", (void **)&lib.easy_cleanup) ||
      find(handle, "curl_easy_strerror", (void **)&lib.easy_strerror) ||
      find(handle, "curl_slist_append", (void **)&lib.slist_append) ||
      find(handle, "curl_slist_free_all", (void **)&lib.slist_free_all) ||
      lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    snprintf(error, length, "libcurl.so.4 cannot be used");
    return 1;
  }
  is_loaded = 1;
  return 0;
}

static size_t take(char *data, size_t size, size_t count, void *context) {
  struct cairn_curl_response *response = context;
  size_t length = size * count;
  if (length > response->capacity - response->length) {
    response->is_too_long = 1;
    return 0;
  }
  memcpy(response->body + response->length, data, length);
  response->length += length;
  return length;
}

int cairn_curl_post(
    const struct cairn_curl_request *request, struct cairn_curl_response *response) {
  CURL *handle = lib.easy_init();
  if (handle == NULL) return CURLE_FAILED_INIT;
  // Without "Expect: 100-continue", which small servers do not answer.
  struct curl_slist *headers = lib.slist_append(NULL, "Expect:");
  headers = lib.slist_append(headers, "Content-Type: text/plain; charset=utf-8");
  lib.easy_setopt(handle, CURLOPT_ERRORBUFFER, response->error);
  lib.easy_setopt(handle, CURLOPT_URL, request->url);
  // PROTOCOLS_STR came with 7.85, and every release still knows the old one.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  lib.easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#pragma GCC diagnostic pop
  lib.easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  lib.easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  lib.easy_setopt(handle, CURLOPT_NOPROXY, "*");
  lib.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  lib.easy_setopt(handle, CURLOPT_POST, 1L);
  lib.easy_setopt(handle, CURLOPT_POSTFIELDS, (const char *)request->body);
  lib.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
  lib.easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
  lib.easy_setopt(handle, CURLOPT_TIMEOUT_MS, request->timeout_ms);
  lib.easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  lib.easy_setopt(handle, CURLOPT_WRITEDATA, response);
  if (request->ca_file != NULL) lib.easy_setopt(handle, CURLOPT_CAINFO, request->ca_file);
  CURLcode code = lib.easy_perform(handle);
  if (code == CURLE_OK) {
    const char *type = NULL;
    lib.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &response->status);
    lib.easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
    if (type != NULL) snprintf(response->content_type, sizeof response->content_type, "%s", type);
  } else if (response->error[0] == 0) {
    snprintf(response->error, sizeof response->error, "%s", lib.easy_strerror(code));
  }
  lib.easy_cleanup(handle);
  lib.slist_free_all(headers);
  return code;
}
