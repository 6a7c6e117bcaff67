// The driver of libFuzzer (compiler-rt), for a program with a main of its own.
#ifndef CAIRN_FUZZER_H
#define CAIRN_FUZZER_H
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));

#endif
