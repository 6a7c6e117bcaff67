#ifndef CAIRN_GPIO_H
#define CAIRN_GPIO_H
#endif
