/* GPIO chips and single lines over libgpiod, whose releases 1.x and 2.x share hardly a symbol.
 *
 * gpiod.h is included in the .c file only, so that no program that uses this header depends on
 * the release. Every function returns 0 (or what it says) or a negative errno. */
#ifndef CAIRN_GPIO_H
#define CAIRN_GPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The release of libgpiod that the shim was compiled against: 1 or 2. */
int cairn_gpio_api(void);

enum { CAIRN_GPIO_TEXT_SIZE = 64 };

enum {
  CAIRN_GPIO_BIAS_AS_IS = 0,
  CAIRN_GPIO_BIAS_DISABLED = 1,
  CAIRN_GPIO_BIAS_PULL_UP = 2,
  CAIRN_GPIO_BIAS_PULL_DOWN = 3,
};

enum {
  CAIRN_GPIO_EDGES_NONE = 0,
  CAIRN_GPIO_EDGES_RISING = 1,
  CAIRN_GPIO_EDGES_FALLING = 2,
  CAIRN_GPIO_EDGES_BOTH = 3,
};

/* A chip that is open for questions. */
struct cairn_gpio_chip;

struct cairn_gpio_chip_facts {
  char name[CAIRN_GPIO_TEXT_SIZE];
  char label[CAIRN_GPIO_TEXT_SIZE];
  uint32_t line_count;
};

struct cairn_gpio_line_facts {
  char name[CAIRN_GPIO_TEXT_SIZE];     /* empty where the line has none */
  char consumer[CAIRN_GPIO_TEXT_SIZE]; /* empty where nobody said who holds it */
  bool is_used;
};

/* Opens the chip at a path; -ENODEV or -ENOTTY where the path is something else. */
int cairn_gpio_open(const char *path, struct cairn_gpio_chip **chip);
int cairn_gpio_describe_chip(struct cairn_gpio_chip *chip, struct cairn_gpio_chip_facts *facts);
int cairn_gpio_describe_line(struct cairn_gpio_chip *chip, uint32_t offset,
                             struct cairn_gpio_line_facts *facts);
void cairn_gpio_close(struct cairn_gpio_chip *chip);

/* One line that is requested from the kernel. It holds whatever it needs of its chip. */
struct cairn_gpio_line;

int cairn_gpio_request_input(const char *path, uint32_t offset, const char *consumer, int bias,
                             bool active_low, int edges, struct cairn_gpio_line **line);
int cairn_gpio_request_output(const char *path, uint32_t offset, const char *consumer,
                              bool active_low, bool active, struct cairn_gpio_line **line);

/* The descriptor that becomes readable with an edge; -EINVAL where no edges were asked for. */
int cairn_gpio_fd(struct cairn_gpio_line *line);

/* 1 where the line is active, 0 where not. */
int cairn_gpio_get(struct cairn_gpio_line *line);
int cairn_gpio_set(struct cairn_gpio_line *line, bool active);

/* Waits for an edge: 1 where one can be read, 0 where the time was over. Signals do not end it. */
int cairn_gpio_wait(struct cairn_gpio_line *line, int64_t nanoseconds);

/* Reads one edge, and waits for it where there is none: the kernel's monotonic time in
 * nanoseconds, and 1 for rising or 0 for falling. */
int cairn_gpio_read_edge(struct cairn_gpio_line *line, int64_t *nanoseconds, int *is_rising);

void cairn_gpio_release(struct cairn_gpio_line *line);

/* Whether a path is a symbolic link, as old names of chips are: 1 or 0. */
int cairn_gpio_is_link(const char *path);

#endif
