/* The calls of Linux's i2c-dev, without its macros and unions, which Swift cannot import.
 *
 * Every function returns 0 (or what it read, where it says so) or a negative errno. */
#ifndef CAIRN_I2C_H
#define CAIRN_I2C_H

#include <stddef.h>
#include <stdint.h>

/* What the adapter can do: the I2C_FUNC_ bits of linux/i2c.h. */
int cairn_i2c_functions(int fd, uint64_t *functions);

/* Chooses the device for the SMBus calls; -EBUSY where a kernel driver owns the address. */
int cairn_i2c_select(int fd, uint8_t address);

/* Sets how long the adapter may take, in units of 10 ms, and how often it tries again after it
 * lost the bus to another host. */
int cairn_i2c_limit(int fd, unsigned long ten_milliseconds, unsigned long retries);

/* Writes and then reads as one exchange with a repeated start; either part may be empty, and with
 * both empty the device is only addressed. */
int cairn_i2c_transfer(int fd, uint8_t address, const uint8_t *written, size_t written_count,
                       uint8_t *read, size_t read_count);

/* The SMBus calls, for adapters that cannot make a plain exchange. Those that read return the
 * byte or word, or the number of bytes; a word's low byte is the first on the wire. */
int cairn_smbus_write_quick(int fd);
int cairn_smbus_read_byte(int fd);
int cairn_smbus_write_byte(int fd, uint8_t value);
int cairn_smbus_read_byte_data(int fd, uint8_t command);
int cairn_smbus_write_byte_data(int fd, uint8_t command, uint8_t value);
int cairn_smbus_read_word_data(int fd, uint8_t command);
int cairn_smbus_write_word_data(int fd, uint8_t command, uint16_t value);
int cairn_smbus_read_block(int fd, uint8_t command, uint8_t *bytes, uint8_t count);
int cairn_smbus_write_block(int fd, uint8_t command, const uint8_t *bytes, uint8_t count);

/* The number of the device behind a node and of the file system that holds the node. */
struct cairn_node {
  int is_character_device;
  uint32_t device_major, device_minor;
  uint32_t file_system_major, file_system_minor;
  uint64_t inode;
};

/* Describes an open descriptor. */
int cairn_node_of_descriptor(int fd, struct cairn_node *node);

/* Describes what is at a path now. */
int cairn_node_at_path(const char *path, struct cairn_node *node);

#endif
