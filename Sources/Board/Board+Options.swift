import Buses
public import Configuration
import Drivers
import Quantities

extension Board {
  /// Every key that a board file may have.
  public static var options: [OptionSpecification] { options(needingBuses: false) }

  /// Every key of a file whose sensors need buses, or do not.
  static func options(needingBuses: Bool) -> [OptionSpecification] {
    [
      OptionSpecification("board", .section(boardOptions), .required, help: "what the board is"),
      OptionSpecification(
        "buses", .table(of: .section(busOptions)), needingBuses ? .required : .optional,
        help:
          "I2C buses and chips of GPIO lines, by a name of your choice; required unless the kernel owns the chips of all sensors"
      ),
      OptionSpecification(
        "sensors", .table(of: .variants(sensorVariants)), .required,
        help: "what is measured, by a name of your choice"),
      OptionSpecification(
        "kernels", .table(of: .variants(kernelVariants)), .optional,
        help: "what is computed on the board, by a name of your choice"),
      OptionSpecification(
        "record", .section(recordOptions), .optional, help: "what is signed, and how often"),
      OptionSpecification(
        "mqtt", .section(mqttOptions), .optional,
        help: "the broker; without it the board only records"),
      OptionSpecification(
        "witnesses", .table(of: .section(witnessOptions)), .optional,
        help:
          "who cosigns the heads of the log (c2sp.org/tlog-witness), by a name of your choice, so that nobody can be shown another history"
      ),
      OptionSpecification(
        "simulation", .section(simulationOptions), .optional,
        help: "what drives virtual buses; such a board signs with a throw-away identity"),
    ]
  }

  private static var boardOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "name", .name(example: "river-07"), .required,
        help: "the board's name; it stands in topics and records"),
      OptionSpecification(
        "urn", .text(example: "urn:dev:mac:0024befffe804ff1"), .optional,
        help: "the board's device URN (RFC 9039); 'urn:dev:cairn:NAME' where it is not written"),
      OptionSpecification(
        "location", .section(locationOptions), .optional, help: "where the board stands"),
    ]
  }

  private static var locationOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "latitude", .number(-90_000_000_000...90_000_000_000), .required,
        help: "degrees north (WGS 84)"),
      OptionSpecification(
        "longitude", .number(-180_000_000_000...180_000_000_000), .required,
        help: "degrees east (WGS 84)"),
      OptionSpecification(
        "altitude", .quantity(.length, -500_000_000_000...9_000_000_000_000), .optional,
        help: "height above sea level"),
    ]
  }

  private static var busOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "device", .path(example: "/dev/i2c-1"), .optional,
        help: "an I2C adapter's device node, or 'virtual'"),
      OptionSpecification(
        "gpiochip", .text(example: "pinctrl-bcm2711"), .optional,
        help: "a chip of lines by its label, name or path, or 'virtual'"),
    ]
  }

  private static var sensorVariants: OptionVariants {
    OptionVariants(
      key: "driver", help: "the chip's driver", common: sensorOptions,
      variants: DriverCatalogue.all.map { driver in
        let specification = driver.specification
        return .init(
          specification.name, help: specification.summary,
          options: attachmentOptions(specification.attachment) + specification.options,
          note: note(specification))
      }, remedies: remedies)
  }

  /// Sensors whose bus no driver speaks, since a driver of the kernel does.
  ///
  /// Source: Linux, drivers/w1/slaves/w1_therm.c (hwmon) and drivers/iio/humidity/dht11.c.
  private static var remedies: [String: String] {
    let wires = ["ds1820", "ds18s20", "ds18b20", "ds1822", "ds1825", "ds28ea00", "max31850"]
    let humidity = ["dht11", "dht21", "dht22", "am2301", "am2302"]
    func remedy(_ driver: String, _ module: String, _ channels: String) -> String {
      "write 'driver: \(driver)' with the 'device' and '\(channels)' that 'cairn scan' prints, since the "
        + "kernel's driver \(module) reads it"
    }
    return Dictionary(
      wires.map { ($0, remedy("hwmon", "w1_therm", "temperature")) }
        + humidity.map { ($0, remedy("iio", "dht11", "humidity")) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The keys that say where a part is.
  private static func attachmentOptions(_ attachment: Attachment) -> [OptionSpecification] {
    switch attachment {
    case .i2c(let addresses):
      [
        OptionSpecification(
          "address", .address(addresses.map { Int($0.rawValue) }),
          .standard(addresses.first?.description ?? ""),
          help: "the chip's 7-bit address, as its address pins are wired")
      ]
    case .line:
      [
        OptionSpecification(
          "line", .integer(0...1023), .required, help: "the line's number on its chip"),
        OptionSpecification(
          "bias", .choice(["as-is", "none", "up", "down"]), .standard("as-is"),
          help: "what pulls the line: what the firmware chose, nothing, the supply, ground"),
        OptionSpecification(
          "active-low", .flag, .standard("no"), help: "whether a low level means active"),
      ]
    case .kernel(let subsystem): kernelOptions(subsystem)
    }
  }

  /// The keys that say which of the kernel's devices is meant, and what such a sensor cannot have.
  private static func kernelOptions(_ subsystem: KernelSubsystem) -> [OptionSpecification] {
    let example = subsystem == .hwmon ? "coretemp" : "bme280"
    let nothing = "nothing simulates a device of the kernel"
    return [
      OptionSpecification(
        "device", .text(example: example), .required,
        help:
          "the device by its name, as 'cairn scan' lists it; where several have the name, NAME@PARENT as in 'bme280@1-0076'"
      ),
      OptionSpecification(
        "on", .text(example: ""), .refused("remove it, for the kernel knows the chip's bus"),
        help: "refused: the kernel knows the chip's bus"),
      OptionSpecification(
        "simulate", .text(example: ""), .refused("remove it, for \(nothing)"),
        help: "refused: \(nothing)"),
      OptionSpecification(
        "playback", .text(example: ""), .refused("remove it, for \(nothing)"),
        help: "refused: \(nothing)"),
    ]
  }

  /// A driver's channels and data sheet, for the reference page.
  private static func note(_ specification: DriverSpecification) -> String {
    var text = "| channel | unit | range | meaning |\n|---|---|---|---|\n"
    for channel in specification.channels {
      let range =
        channel.range.map {
          Quantity(nano: $0.lowerBound, unit: channel.unit).decimalText + " to "
            + Quantity(nano: $0.upperBound, unit: channel.unit).decimalText
        } ?? ""
      text += "| `\(channel.name)` | \(channel.unit) | \(range) | \(channel.help). |\n"
    }
    if case .kernel = specification.attachment {
      return text + "\nSource: \(specification.datasheet).\n"
    }
    let driven = specification.stimuli.map { "`\($0)`" }.joined(separator: ", ")
    let played = "`playback` names a file of `cairn record`"
    return text + "\nOn a virtual bus, "
      + (driven.isEmpty ? played : "`simulate` names \(driven), or \(played)")
      + ". Source: \(specification.datasheet).\n"
  }

  private static var sensorOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "on", .text(example: "i2c-1"), .required, help: "the bus or chip of lines, by its name"),
      OptionSpecification(
        "every", .quantity(.duration, 10_000_000...86_400_000_000_000), .required,
        help: "the time between two measurements"),
      OptionSpecification(
        "channels", .table(of: .section(channelOptions)), .optional,
        help: "calibration and validity, by the channel's name"),
      OptionSpecification(
        "simulate", .table(of: .text(example: "weather.temp_c")), .optional,
        help: "what drives the model of the part, by the channel's name; virtual buses only"),
      OptionSpecification(
        "power", .section(powerOptions), .optional,
        help: "a line that switches the supply of a chip on an I2C bus, to start it anew where"
          + " nothing else helps"),
      OptionSpecification(
        "playback", .path(example: "recordings/air.txt"), .optional,
        help: "in place of 'simulate', a file of 'cairn record' that plays the part"),
    ]
  }

  private static var channelOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "calibrate",
        .section([
          OptionSpecification(
            "scale", .number(OptionKind.anyNumber), .standard("1"),
            help: "factor, as of a divider or transformer"),
          OptionSpecification(
            "offset", .number(OptionKind.anyNumber), .standard("0"),
            help: "added after the factor, in the unit"),
          OptionSpecification(
            "unit", .choice(Unit.registry), .optional,
            help:
              "the unit of the result, by its code in the SenML registry; the channel's own where it is not written"
          ),
        ]), .optional, help: "value = raw * scale + offset"),
      OptionSpecification(
        "valid", .interval, .optional,
        help:
          "values outside are not recorded but are a signed gap, in the channel's unit after 'calibrate'"
      ),
    ]
  }

  /// The kinds of kernels, as the mapping of one kernel is read.
  static var kernelVariants: OptionVariants {
    OptionVariants(
      key: "kind", help: "what is computed", common: [],
      variants: KernelCatalogue.all.map { kind in
        let specification = kind.specification
        let outputs = specification.outputs.map { "| `\($0.name)` | \($0.help). |\n" }.joined()
        return .init(
          specification.name, help: specification.summary,
          options: inputOptions(specification.inputs) + specification.options,
          note: "| output | meaning |\n|---|---|\n\(outputs)")
      })
  }

  /// The keys that name streams.
  static func inputOptions(_ inputs: KernelInputs) -> [OptionSpecification] {
    switch inputs {
    case .each, .group:
      [
        OptionSpecification(
          "of", .list(.text(example: "air.temperature")), .required,
          help: "streams as 'sensor.channel' or 'kernel.output'; 'sensor.*' means all of a sensor")
      ]
    case .named(let inputs):
      inputs.map { input in
        OptionSpecification(
          input.name, .text(example: "air.\(input.name)"),
          input.isRequired ? .required : .optional,
          help: input.help + (input.unitWords.map { ", in \($0)" } ?? "")
            + ", as 'sensor.channel' or 'kernel.output'")
      }
    }
  }

  static var recordOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "every", .quantity(.duration, 100_000_000...3_600_000_000_000), .standard("10 s"),
        help:
          "the longest time between a measurement and its signed entry; an alarm is signed at once"),
      OptionSpecification(
        "checkpoint", .quantity(.duration, 1_000_000_000...86_400_000_000_000),
        .standard("1 min"), help: "the time between two signed tree heads"),
      OptionSpecification(
        "raw", .flag, .standard("yes"),
        help:
          "whether the chips' raw bytes are recorded, so that anybody can compute the values again"),
      OptionSpecification(
        "hide", .list(.text(example: "meter.power")), .optional,
        help:
          "records of which the log holds digests only, as 'sensor.channel', 'kernel.output', or 'name.*' for all of one; what opens them stays on the board and goes out on the topic 'disclosure' alone"
      ),
      OptionSpecification(
        "configuration", .choice(["full", "hash"]), .optional,
        help:
          "whether the log holds this file or its hash only; 'full' up to 48 KiB where it is not written"
      ),
      OptionSpecification(
        "retain", .section(retainOptions), .optional,
        help:
          "how long entries are kept; what the broker has may go, the hashes of it stay, so that proofs hold"
      ),
      OptionSpecification(
        "when-full", .choice(RetentionSettings.WhenFull.allCases.map(\.rawValue)),
        .standard("stop"),
        help:
          "what happens where the disk is nearly full: the oldest entries that the broker has go, or nothing is recorded any more; both with a signed event"
      ),
      OptionSpecification(
        "rollback-check", .choice(RollbackCheck.allCases.map(\.rawValue)), .standard("prefer"),
        help:
          "whether the broker must say what it keeps of the log before anything is signed, so that a copied or restored state directory signs nothing; 'prefer' asks and goes on where the broker is away"
      ),
    ]
  }

  private static var witnessOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "url", .text(example: "https://witness.example"), .required,
        help: "where the witness is asked; '/add-checkpoint' is added"),
      OptionSpecification(
        "key",
        .text(
          example:
            "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"),
        .required, help: "the witness's verifier key, of type 4"),
      OptionSpecification(
        "ca-file", .path(example: "/etc/cairn/witness-ca.pem"), .optional,
        help: "the certificates to trust; the system's where it is not written"),
    ]
  }

  private static var retainOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "age", .quantity(.duration, 3_600_000_000_000...315_360_000_000_000_000), .optional,
        help: "older entries go"),
      OptionSpecification(
        "size", .quantity(.dataSize, 1_000_000_000_000_000...1_000_000_000_000_000_000_000),
        .optional, help: "what is beyond this size goes, the oldest first"),
    ]
  }

  private static var mqttOptions: [OptionSpecification] {
    let inline =
      "write it into a file, and 'password-file: /etc/cairn/mqtt.password' here"
    return [
      OptionSpecification(
        "broker", .text(example: "mqtts://broker.example:8883"), .required,
        help: "the broker as mqtt://HOST:PORT, or mqtts://HOST:PORT for TLS"),
      OptionSpecification(
        "user", .text(example: "river-07"), .optional, help: "the user's name at the broker"),
      OptionSpecification(
        "password-file", .path(example: "/etc/cairn/mqtt.password"), .optional,
        help: "a file that holds the password and nothing else"),
      OptionSpecification(
        "password", .text(example: ""), .refused(inline), help: "refused: secrets are named by file"
      ),
      OptionSpecification(
        "ca", .path(example: "/etc/cairn/ca.pem"), .optional,
        help: "the certificates to trust, PEM; those of the system where it is not written"),
      OptionSpecification(
        "certificate", .path(example: "/etc/cairn/board.pem"), .optional,
        help: "the board's own certificate, PEM"),
      OptionSpecification(
        "key-file", .path(example: "/etc/cairn/board.key"), .optional,
        help: "the key of the board's own certificate, PEM"),
      OptionSpecification(
        "protocol", .choice(["auto", "5", "3.1.1"]), .standard("auto"),
        help: "MQTT version; 'auto' uses 5 where the broker has it"),
    ]
  }

  private static var simulationOptions: [OptionSpecification] {
    [
      OptionSpecification(
        "recordings",
        .table(
          of: .section([
            OptionSpecification(
              "file", .path(example: "recordings/weather.csv"), .required,
              help: "a CSV file with a header, relative to the board file"),
            OptionSpecification(
              "start", .text(example: "2025-04-28 12:30:00"), .optional,
              help: "where the play begins; the first row where it is not written"),
            OptionSpecification(
              "speed", .number(1_000_000_000...100_000_000_000_000), .standard("1"),
              help: "how much faster than life it plays"),
          ])), .required, help: "recorded series, by a name of your choice")
    ]
  }
}
