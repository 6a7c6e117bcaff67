#ifndef CAIRN_YAML_SHIM_H
#define CAIRN_YAML_SHIM_H
#include <yaml.h>
#endif
