#ifndef CAIRN_I2C_H
#define CAIRN_I2C_H
#endif
