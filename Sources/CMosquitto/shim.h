#ifndef CAIRN_MOSQUITTO_SHIM_H
#define CAIRN_MOSQUITTO_SHIM_H
#include <mosquitto.h>
#if LIBMOSQUITTO_VERSION_NUMBER < 2001000
// From 2.1 on the protocol's constants come with mosquitto.h.
#include <mqtt_protocol.h>
#endif
#endif
