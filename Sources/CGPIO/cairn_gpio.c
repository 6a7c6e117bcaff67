#define _GNU_SOURCE
#include "cairn_gpio.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <gpiod.h>

/* No release has a version macro; this one is in the header of 1.x only. */
#if defined(GPIOD_LINE_BULK_MAX_LINES)
#define CAIRN_GPIOD_1 1
#else
#define CAIRN_GPIOD_1 0
#endif

struct cairn_gpio_chip {
  struct gpiod_chip *chip;
};

struct cairn_gpio_line {
#if CAIRN_GPIOD_1
  struct gpiod_chip *chip; /* a line of 1.x dies with its chip */
  struct gpiod_line *line;
#else
  struct gpiod_line_request *request;
  struct gpiod_edge_event_buffer *edges;
#endif
  uint32_t offset;
  bool has_edges;
};

/* A failure that left no errno behind would be taken for success. */
static int failure(void) { return errno != 0 ? -errno : -EIO; }

static void copy_text(char *target, const char *source) {
  size_t count = source == NULL ? 0 : strnlen(source, CAIRN_GPIO_TEXT_SIZE - 1);
  memset(target, 0, CAIRN_GPIO_TEXT_SIZE);
  if (count > 0) memcpy(target, source, count);
}

int cairn_gpio_is_link(const char *path) {
  struct stat status;
  if (lstat(path, &status) < 0) return -errno;
  return S_ISLNK(status.st_mode) ? 1 : 0;
}

int cairn_gpio_open(const char *path, struct cairn_gpio_chip **chip) {
  *chip = NULL;
  struct cairn_gpio_chip *opened = calloc(1, sizeof *opened);
  if (opened == NULL) return -ENOMEM;
  errno = 0;
  opened->chip = gpiod_chip_open(path);
  if (opened->chip == NULL) {
    int result = failure();
    free(opened);
    return result;
  }
  *chip = opened;
  return 0;
}

void cairn_gpio_close(struct cairn_gpio_chip *chip) {
  if (chip == NULL) return;
  gpiod_chip_close(chip->chip);
  free(chip);
}

static struct cairn_gpio_line *new_line(uint32_t offset, bool has_edges) {
  struct cairn_gpio_line *line = calloc(1, sizeof *line);
  if (line != NULL) {
    line->offset = offset;
    line->has_edges = has_edges;
  }
  return line;
}

static int hand_over(int result, struct cairn_gpio_line *requested,
                     struct cairn_gpio_line **line) {
  if (result < 0) {
    cairn_gpio_release(requested);
  } else {
    *line = requested;
  }
  return result;
}

#if CAIRN_GPIOD_1

int cairn_gpio_api(void) { return 1; }

int cairn_gpio_describe_chip(struct cairn_gpio_chip *chip, struct cairn_gpio_chip_facts *facts) {
  copy_text(facts->name, gpiod_chip_name(chip->chip));
  copy_text(facts->label, gpiod_chip_label(chip->chip));
  facts->line_count = gpiod_chip_num_lines(chip->chip);
  return 0;
}

int cairn_gpio_describe_line(struct cairn_gpio_chip *chip, uint32_t offset,
                             struct cairn_gpio_line_facts *facts) {
  errno = 0;
  struct gpiod_line *line = gpiod_chip_get_line(chip->chip, offset);
  if (line == NULL) return failure();
  if (gpiod_line_update(line) < 0) return failure();
  copy_text(facts->name, gpiod_line_name(line));
  copy_text(facts->consumer, gpiod_line_consumer(line));
  facts->is_used = gpiod_line_is_used(line);
  return 0;
}

static int request(const char *path, const char *consumer, int type, int flags, int active,
                   struct cairn_gpio_line *line) {
  errno = 0;
  line->chip = gpiod_chip_open(path);
  if (line->chip == NULL) return failure();
  line->line = gpiod_chip_get_line(line->chip, line->offset);
  if (line->line == NULL) return failure();
  struct gpiod_line_request_config config = {
      .consumer = consumer, .request_type = type, .flags = flags};
  if (gpiod_line_request(line->line, &config, active) < 0) {
    int result = failure();
    line->line = NULL;
    return result;
  }
  return 0;
}

int cairn_gpio_request_input(const char *path, uint32_t offset, const char *consumer, int bias,
                             bool active_low, int edges, struct cairn_gpio_line **line) {
  *line = NULL;
  int flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
  switch (bias) {
    case CAIRN_GPIO_BIAS_AS_IS: break;
    case CAIRN_GPIO_BIAS_DISABLED: flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE; break;
    case CAIRN_GPIO_BIAS_PULL_UP: flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP; break;
    case CAIRN_GPIO_BIAS_PULL_DOWN: flags |= GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN; break;
    default: return -EINVAL;
  }
  int type;
  switch (edges) {
    case CAIRN_GPIO_EDGES_NONE: type = GPIOD_LINE_REQUEST_DIRECTION_INPUT; break;
    case CAIRN_GPIO_EDGES_RISING: type = GPIOD_LINE_REQUEST_EVENT_RISING_EDGE; break;
    case CAIRN_GPIO_EDGES_FALLING: type = GPIOD_LINE_REQUEST_EVENT_FALLING_EDGE; break;
    case CAIRN_GPIO_EDGES_BOTH: type = GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES; break;
    default: return -EINVAL;
  }
  struct cairn_gpio_line *requested = new_line(offset, edges != CAIRN_GPIO_EDGES_NONE);
  if (requested == NULL) return -ENOMEM;
  int result = request(path, consumer, type, flags, 0, requested);
  return hand_over(result, requested, line);
}

int cairn_gpio_request_output(const char *path, uint32_t offset, const char *consumer,
                              bool active_low, bool active, struct cairn_gpio_line **line) {
  *line = NULL;
  struct cairn_gpio_line *requested = new_line(offset, false);
  if (requested == NULL) return -ENOMEM;
  int flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
  int result = request(path, consumer, GPIOD_LINE_REQUEST_DIRECTION_OUTPUT, flags, active ? 1 : 0,
                       requested);
  return hand_over(result, requested, line);
}

int cairn_gpio_fd(struct cairn_gpio_line *line) {
  if (!line->has_edges) return -EINVAL;
  errno = 0;
  int fd = gpiod_line_event_get_fd(line->line);
  return fd < 0 ? failure() : fd;
}

int cairn_gpio_get(struct cairn_gpio_line *line) {
  errno = 0;
  int value = gpiod_line_get_value(line->line);
  return value < 0 ? failure() : value;
}

int cairn_gpio_set(struct cairn_gpio_line *line, bool active) {
  errno = 0;
  return gpiod_line_set_value(line->line, active ? 1 : 0) < 0 ? failure() : 0;
}

int cairn_gpio_read_edge(struct cairn_gpio_line *line, int64_t *nanoseconds, int *is_rising) {
  if (!line->has_edges) return -EINVAL;
  struct gpiod_line_event event;
  int result;
  do {
    errno = 0;
    result = gpiod_line_event_read(line->line, &event);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return failure();
  *nanoseconds = (int64_t)event.ts.tv_sec * 1000000000 + event.ts.tv_nsec;
  *is_rising = event.event_type == GPIOD_LINE_EVENT_RISING_EDGE;
  return 0;
}

void cairn_gpio_release(struct cairn_gpio_line *line) {
  if (line == NULL) return;
  if (line->line != NULL) gpiod_line_release(line->line);
  if (line->chip != NULL) gpiod_chip_close(line->chip);
  free(line);
}

#else

int cairn_gpio_api(void) { return 2; }

int cairn_gpio_describe_chip(struct cairn_gpio_chip *chip, struct cairn_gpio_chip_facts *facts) {
  errno = 0;
  struct gpiod_chip_info *info = gpiod_chip_get_info(chip->chip);
  if (info == NULL) return failure();
  copy_text(facts->name, gpiod_chip_info_get_name(info));
  copy_text(facts->label, gpiod_chip_info_get_label(info));
  facts->line_count = (uint32_t)gpiod_chip_info_get_num_lines(info);
  gpiod_chip_info_free(info);
  return 0;
}

int cairn_gpio_describe_line(struct cairn_gpio_chip *chip, uint32_t offset,
                             struct cairn_gpio_line_facts *facts) {
  errno = 0;
  struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->chip, offset);
  if (info == NULL) return failure();
  copy_text(facts->name, gpiod_line_info_get_name(info));
  copy_text(facts->consumer, gpiod_line_info_get_consumer(info));
  facts->is_used = gpiod_line_info_is_used(info);
  gpiod_line_info_free(info);
  return 0;
}

static int request(const char *path, const char *consumer, struct gpiod_line_settings *settings,
                   struct cairn_gpio_line *line) {
  int result = 0;
  unsigned int offset = line->offset;
  struct gpiod_chip *chip = NULL;
  struct gpiod_request_config *request = NULL;
  struct gpiod_line_config *lines = NULL;

  errno = 0;
  chip = gpiod_chip_open(path);
  if (chip == NULL) goto failed;
  request = gpiod_request_config_new();
  if (request == NULL) goto failed;
  gpiod_request_config_set_consumer(request, consumer);
  lines = gpiod_line_config_new();
  if (lines == NULL) goto failed;
  if (gpiod_line_config_add_line_settings(lines, &offset, 1, settings) < 0) goto failed;
  if (line->has_edges) {
    line->edges = gpiod_edge_event_buffer_new(1);
    if (line->edges == NULL) goto failed;
  }
  line->request = gpiod_chip_request_lines(chip, request, lines);
  if (line->request == NULL) goto failed;
  goto done;

failed:
  result = failure();
done:
  if (lines != NULL) gpiod_line_config_free(lines);
  if (request != NULL) gpiod_request_config_free(request);
  if (chip != NULL) gpiod_chip_close(chip);
  return result;
}

int cairn_gpio_request_input(const char *path, uint32_t offset, const char *consumer, int bias,
                             bool active_low, int edges, struct cairn_gpio_line **line) {
  *line = NULL;
  enum gpiod_line_bias line_bias;
  switch (bias) {
    case CAIRN_GPIO_BIAS_AS_IS: line_bias = GPIOD_LINE_BIAS_AS_IS; break;
    case CAIRN_GPIO_BIAS_DISABLED: line_bias = GPIOD_LINE_BIAS_DISABLED; break;
    case CAIRN_GPIO_BIAS_PULL_UP: line_bias = GPIOD_LINE_BIAS_PULL_UP; break;
    case CAIRN_GPIO_BIAS_PULL_DOWN: line_bias = GPIOD_LINE_BIAS_PULL_DOWN; break;
    default: return -EINVAL;
  }
  enum gpiod_line_edge line_edges;
  switch (edges) {
    case CAIRN_GPIO_EDGES_NONE: line_edges = GPIOD_LINE_EDGE_NONE; break;
    case CAIRN_GPIO_EDGES_RISING: line_edges = GPIOD_LINE_EDGE_RISING; break;
    case CAIRN_GPIO_EDGES_FALLING: line_edges = GPIOD_LINE_EDGE_FALLING; break;
    case CAIRN_GPIO_EDGES_BOTH: line_edges = GPIOD_LINE_EDGE_BOTH; break;
    default: return -EINVAL;
  }
  struct cairn_gpio_line *requested = new_line(offset, edges != CAIRN_GPIO_EDGES_NONE);
  if (requested == NULL) return -ENOMEM;
  errno = 0;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  int result;
  if (settings == NULL ||
      gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0 ||
      gpiod_line_settings_set_bias(settings, line_bias) < 0 ||
      gpiod_line_settings_set_edge_detection(settings, line_edges) < 0 ||
      gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC) < 0) {
    result = failure();
  } else {
    gpiod_line_settings_set_active_low(settings, active_low);
    result = request(path, consumer, settings, requested);
  }
  if (settings != NULL) gpiod_line_settings_free(settings);
  return hand_over(result, requested, line);
}

static enum gpiod_line_value value_of(bool active) {
  return active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

int cairn_gpio_request_output(const char *path, uint32_t offset, const char *consumer,
                              bool active_low, bool active, struct cairn_gpio_line **line) {
  *line = NULL;
  struct cairn_gpio_line *requested = new_line(offset, false);
  if (requested == NULL) return -ENOMEM;
  errno = 0;
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  int result;
  if (settings == NULL ||
      gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0 ||
      gpiod_line_settings_set_output_value(settings, value_of(active)) < 0) {
    result = failure();
  } else {
    gpiod_line_settings_set_active_low(settings, active_low);
    result = request(path, consumer, settings, requested);
  }
  if (settings != NULL) gpiod_line_settings_free(settings);
  return hand_over(result, requested, line);
}

int cairn_gpio_fd(struct cairn_gpio_line *line) {
  if (!line->has_edges) return -EINVAL;
  errno = 0;
  int fd = gpiod_line_request_get_fd(line->request);
  return fd < 0 ? failure() : fd;
}

int cairn_gpio_get(struct cairn_gpio_line *line) {
  errno = 0;
  switch (gpiod_line_request_get_value(line->request, line->offset)) {
    case GPIOD_LINE_VALUE_ACTIVE: return 1;
    case GPIOD_LINE_VALUE_INACTIVE: return 0;
    default: return failure();
  }
}

int cairn_gpio_set(struct cairn_gpio_line *line, bool active) {
  errno = 0;
  int result = gpiod_line_request_set_value(line->request, line->offset, value_of(active));
  return result < 0 ? failure() : 0;
}

int cairn_gpio_read_edge(struct cairn_gpio_line *line, int64_t *nanoseconds, int *is_rising) {
  if (!line->has_edges) return -EINVAL;
  int count;
  do {
    errno = 0;
    count = gpiod_line_request_read_edge_events(line->request, line->edges, 1);
  } while (count < 0 && errno == EINTR);
  if (count < 1) return failure();
  struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(line->edges, 0);
  if (event == NULL) return failure();
  *nanoseconds = (int64_t)gpiod_edge_event_get_timestamp_ns(event);
  *is_rising = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
  return 0;
}

void cairn_gpio_release(struct cairn_gpio_line *line) {
  if (line == NULL) return;
  if (line->request != NULL) gpiod_line_request_release(line->request);
  if (line->edges != NULL) gpiod_edge_event_buffer_free(line->edges);
  free(line);
}

#endif

int cairn_gpio_wait(struct cairn_gpio_line *line, int64_t nanoseconds) {
  int fd = cairn_gpio_fd(line);
  if (fd < 0) return fd;
  /* A time_t of 32 bits holds this many seconds, which is thirty years. */
  if (nanoseconds > 1000000000000000000) nanoseconds = 1000000000000000000;

  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) < 0) return -errno;
  int64_t started = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
  int64_t remaining = nanoseconds > 0 ? nanoseconds : 0;
  for (;;) {
    struct pollfd waited = {.fd = fd, .events = POLLIN, .revents = 0};
    struct timespec limit = {.tv_sec = (time_t)(remaining / 1000000000),
                             .tv_nsec = (long)(remaining % 1000000000)};
    int ready = ppoll(&waited, 1, &limit, NULL);
    if (ready > 0) return (waited.revents & POLLIN) != 0 ? 1 : -ENODEV;
    if (ready == 0) return 0;
    if (errno != EINTR) return -errno;

    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0) return -errno;
    int64_t passed = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - started;
    remaining = nanoseconds > passed ? nanoseconds - passed : 0;
  }
}
