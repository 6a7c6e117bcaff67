// A POST over libcurl, whose options take variable arguments, which Swift cannot call.
#ifndef CAIRN_CURL_H
#define CAIRN_CURL_H
#include <stddef.h>
#include <stdint.h>

struct cairn_curl_request {
  const char *url;
  const uint8_t *body;
  size_t body_length;
  // A file of certificates to trust, or NULL for the system's.
  const char *ca_file;
  long connect_timeout_ms;
  long timeout_ms;
};

struct cairn_curl_response {
  long status;
  // Up to `capacity` bytes are kept; more is an error.
  uint8_t *body;
  size_t capacity;
  size_t length;
  int is_too_long;
  char content_type[128];
  // What went wrong, empty where nothing did.
  char error[256];
};

// Loads the library and gets it ready, once for the process; 0, or why not in `error`.
int cairn_curl_load(char *error, size_t length);

// Sends a request and waits for the whole response; 0, or libcurl's code with `error` filled.
int cairn_curl_post(const struct cairn_curl_request *request, struct cairn_curl_response *response);

#endif
