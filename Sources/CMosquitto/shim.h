#ifndef CAIRN_MOSQUITTO_SHIM_H
#define CAIRN_MOSQUITTO_SHIM_H
#include <mosquitto.h>
#include <mqtt_protocol.h>
#endif
