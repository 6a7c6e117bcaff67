#define _GNU_SOURCE
#include "cairn_i2c.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/types.h>

/* In this order: smbus.h of i2c-tools before 4.0 does not include what it uses. */
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <i2c/smbus.h>

static int call(int fd, unsigned long request, unsigned long argument) {
  return ioctl(fd, request, argument) < 0 ? -errno : 0;
}

/* libi2c returns -errno since 4.0 and -1 with errno before. */
static int outcome(int result) {
  if (result >= 0) return result;
  return result == -1 && errno != 0 ? -errno : result;
}

int cairn_i2c_functions(int fd, uint64_t *functions) {
  unsigned long bits = 0;
  if (ioctl(fd, I2C_FUNCS, &bits) < 0) return -errno;
  *functions = bits;
  return 0;
}

int cairn_i2c_select(int fd, uint8_t address) { return call(fd, I2C_SLAVE, address); }

int cairn_i2c_limit(int fd, unsigned long ten_milliseconds, unsigned long retries) {
  int result = call(fd, I2C_TIMEOUT, ten_milliseconds);
  return result < 0 ? result : call(fd, I2C_RETRIES, retries);
}

int cairn_i2c_transfer(int fd, uint8_t address, const uint8_t *written, size_t written_count,
                       uint8_t *read, size_t read_count) {
  struct i2c_msg messages[2];
  struct i2c_rdwr_ioctl_data exchange = {.msgs = messages, .nmsgs = 0};

  /* The length of a message has 16 bits. */
  if (written_count > UINT16_MAX || read_count > UINT16_MAX) return -EMSGSIZE;
  if (written_count > 0 || read_count == 0) {
    messages[exchange.nmsgs++] = (struct i2c_msg){
        .addr = address,
        .flags = 0,
        .len = (uint16_t)written_count,
        /* The kernel does not write to it; the structure serves both directions. */
        .buf = (uint8_t *)(uintptr_t)written,
    };
  }
  if (read_count > 0) {
    messages[exchange.nmsgs++] = (struct i2c_msg){
        .addr = address,
        .flags = I2C_M_RD,
        .len = (uint16_t)read_count,
        .buf = read,
    };
  }
  int done = ioctl(fd, I2C_RDWR, &exchange);
  if (done < 0) return -errno;
  /* Adapters that count stop behind the message that nobody acknowledged, without an errno. */
  return (uint32_t)done == exchange.nmsgs ? 0 : -EREMOTEIO;
}

int cairn_smbus_write_quick(int fd) {
  errno = 0;
  return outcome(i2c_smbus_write_quick(fd, I2C_SMBUS_WRITE));
}

int cairn_smbus_read_byte(int fd) {
  errno = 0;
  return outcome(i2c_smbus_read_byte(fd));
}

int cairn_smbus_write_byte(int fd, uint8_t value) {
  errno = 0;
  return outcome(i2c_smbus_write_byte(fd, value));
}

int cairn_smbus_read_byte_data(int fd, uint8_t command) {
  errno = 0;
  return outcome(i2c_smbus_read_byte_data(fd, command));
}

int cairn_smbus_write_byte_data(int fd, uint8_t command, uint8_t value) {
  errno = 0;
  return outcome(i2c_smbus_write_byte_data(fd, command, value));
}

int cairn_smbus_read_word_data(int fd, uint8_t command) {
  errno = 0;
  return outcome(i2c_smbus_read_word_data(fd, command));
}

int cairn_smbus_write_word_data(int fd, uint8_t command, uint16_t value) {
  errno = 0;
  return outcome(i2c_smbus_write_word_data(fd, command, value));
}

int cairn_smbus_read_block(int fd, uint8_t command, uint8_t *bytes, uint8_t count) {
  if (count == 0 || count > I2C_SMBUS_BLOCK_MAX) return -EMSGSIZE;
  /* libi2c copies as many bytes as the adapter reports, which must not be trusted to be count. */
  uint8_t block[I2C_SMBUS_BLOCK_MAX];
  errno = 0;
  int read = outcome(i2c_smbus_read_i2c_block_data(fd, command, count, block));
  if (read < 0) return read;
  if (read != count) return -EPROTO;
  for (int i = 0; i < read; i++) bytes[i] = block[i];
  return read;
}

int cairn_smbus_write_block(int fd, uint8_t command, const uint8_t *bytes, uint8_t count) {
  if (count == 0 || count > I2C_SMBUS_BLOCK_MAX) return -EMSGSIZE;
  errno = 0;
  return outcome(i2c_smbus_write_i2c_block_data(fd, command, count, bytes));
}

static void describe(const struct stat *status, struct cairn_node *node) {
  node->is_character_device = S_ISCHR(status->st_mode);
  node->device_major = major(status->st_rdev);
  node->device_minor = minor(status->st_rdev);
  node->file_system_major = major(status->st_dev);
  node->file_system_minor = minor(status->st_dev);
  node->inode = status->st_ino;
}

int cairn_node_of_descriptor(int fd, struct cairn_node *node) {
  struct stat status;
  if (fstat(fd, &status) < 0) return -errno;
  describe(&status, node);
  return 0;
}

int cairn_node_at_path(const char *path, struct cairn_node *node) {
  struct stat status;
  if (stat(path, &status) < 0) return -errno;
  describe(&status, node);
  return 0;
}
