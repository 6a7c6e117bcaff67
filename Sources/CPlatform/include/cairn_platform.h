#ifndef CAIRN_PLATFORM_H
#define CAIRN_PLATFORM_H
#endif
