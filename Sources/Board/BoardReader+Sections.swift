import Configuration
import Quantities

extension BoardReader {
  mutating func readBuses(_ root: OptionValues) -> [BusDeclaration] {
    busNames = root.rows("buses").map(\.name)
    var buses: [BusDeclaration] = []
    var devices: [BusDeclaration.Device: Position] = [:]
    for row in root.sections("buses") {
      guard let device = device(row.values, name: row.name, position: row.position) else {
        continue
      }
      if !device.isVirtual, let other = devices.updateValue(row.position, forKey: device) {
        report(
          row.values.position(of: device.isI2C ? "device" : "gpiochip"),
          "bus '\(row.name)' is the same device as the bus in line \(other.line)",
          remedy: "name it once and put all its sensors on it")
      }
      let bus = BusDeclaration(name: row.name, device: device)
      busKinds[row.name] = bus
      buses.append(bus)
    }
    let places = Dictionary(
      root.rows("buses").map { ($0.name, $0.position) }, uniquingKeysWith: { first, _ in first })
    if let virtual = buses.first(where: \.device.isVirtual),
      let real = buses.first(where: { !$0.device.isVirtual }),
      let place = [virtual, real].compactMap({ places[$0.name] }).max()
    {
      report(
        place,
        "virtual bus '\(virtual.name)' and real bus '\(real.name)' stand in one board file, but"
          + " simulated data never carries a real identity",
        remedy: "make two board files")
    }
    return buses
  }

  private mutating func device(
    _ values: OptionValues, name: String, position: Position
  ) -> BusDeclaration.Device? {
    switch (values.text("device"), values.text("gpiochip")) {
    case ("virtual"?, nil): return .virtualI2C
    case (let path?, nil):
      if path.hasPrefix("/") { return .i2c(path: path) }
      report(
        values.position(of: "device"), "'device' cannot be '\(path)'",
        remedy: "write a path that begins with '/', for example /dev/i2c-1, or 'virtual'")
      return nil
    case (nil, "virtual"?): return .virtualLines
    case (nil, let chip?): return .lines(chip: chip)
    case (nil, nil):
      if values.isComplete {
        report(
          position, "bus '\(name)' has neither 'device' nor 'gpiochip'",
          remedy: "write 'device: /dev/i2c-1' for I2C or 'gpiochip: gpiochip0' for lines")
      }
      return nil
    case (.some, .some):
      report(
        values.keyPosition(of: "gpiochip"), "bus '\(name)' has 'device' and 'gpiochip'",
        remedy: "make two buses of it")
      return nil
    }
  }

  mutating func readRecordings(
    _ root: OptionValues, _ buses: [BusDeclaration]
  ) -> [RecordingDeclaration] {
    guard let simulation = root.section("simulation") else { return [] }
    if !buses.isEmpty, buses.count == busNames.count, !buses.contains(where: \.device.isVirtual) {
      report(
        root.keyPosition(of: "simulation"), "'simulation' stands in a board file of real buses",
        remedy: "remove it, or write 'device: virtual' for a simulated bus")
    }
    return simulation.sections("recordings").compactMap { row in
      guard let file = row.values.text("file"), let speed = row.values.number("speed") else {
        return nil
      }
      return RecordingDeclaration(
        name: row.name, file: file, position: row.values.position(of: "file"),
        start: row.values.text("start"), startPosition: row.values.position(of: "start"),
        speed: speed)
    }
  }

  mutating func readRecord(_ root: OptionValues, fileSize: Int) -> RecordSettings {
    let empty = ConfigurationNode(.empty, at: root.position)
    let values =
      root.section("record") ?? options.section(empty, Board.recordOptions, called: "'record'")
    let limit = 48 * 1024
    let written = values?.text("configuration")
    if written == "full", fileSize > limit {
      report(
        values?.position(of: "configuration") ?? root.position,
        "a board file of \(fileSize) bytes does not fit into an entry",
        remedy: "write 'configuration: hash', or make the file smaller than \(limit) bytes")
    }
    let check = values?.text("rollback-check").flatMap(RollbackCheck.init) ?? .prefer
    if check == .require, !root.isWritten("mqtt"), !root.isWritten("witnesses"), let values {
      report(
        values.position(of: "rollback-check"),
        "'rollback-check: require' has nobody to ask, so that nothing would ever be signed",
        remedy: "add a section 'mqtt' or 'witnesses', or write 'prefer'")
    }
    let retain = values?.section("retain")
    let whenFull =
      values?.text("when-full").flatMap(RetentionSettings.WhenFull.init) ?? .stop
    for key in ["retain", "when-full"] where !root.isWritten("mqtt") {
      guard let values, values.isWritten(key), key == "retain" || whenFull == .dropOldest else {
        continue
      }
      report(
        values.keyPosition(of: key),
        "'\(key)' lets go what the broker has, but there is no broker",
        remedy: key == "retain"
          ? "add a section 'mqtt', or remove it" : "add a section 'mqtt', or write 'stop'")
    }
    return RecordSettings(
      interval: values?.duration("every") ?? .seconds(10),
      checkpointInterval: values?.duration("checkpoint") ?? .seconds(60),
      hidden: readHidden(values, root),
      includesRaw: values?.flag("raw") ?? true,
      includesConfiguration: written.map { $0 == "full" } ?? (fileSize <= limit),
      retention: RetentionSettings(
        age: retain?.duration("age"),
        size: retain?.quantity("size").map { Int(clamping: $0.nano / 1_000_000_000) },
        whenFull: whenFull),
      rollbackCheck: check)
  }

  /// The records behind the patterns of `hide`; each pattern must mean something.
  private mutating func readHidden(_ values: OptionValues?, _ root: OptionValues) -> HiddenRecords {
    var hidden = HiddenRecords()
    let kernels = root.rows("kernels").map(\.name)
    for (text, position) in values?.texts("hide") ?? [] {
      guard let dot = text.firstIndex(of: "."), text.index(after: dot) < text.endIndex else {
        report(
          position, "\(text.quoted) names no record",
          remedy: "write 'sensor.channel', 'kernel.output', or 'name.*'")
        continue
      }
      let name = String(text[..<dot])
      let channel = String(text[text.index(after: dot)...])
      if kernels.contains(name) {
        guard channel == "*" || kernelOutputs[name]?.contains(channel) != false else {
          report(
            position, "kernel '\(name)' has no output '\(channel)'",
            remedy: suggestion(for: channel, among: (kernelOutputs[name] ?? []) + ["*"]))
          continue
        }
        hidden.hide(channel == "*" ? nil : channel, of: name)
        continue
      }
      guard let channels = channelsBySensor[name] else {
        if !sensorNames.contains(name) {
          report(
            position, "unknown sensor or kernel '\(name)' in \(text.quoted)",
            remedy: suggestion(for: name, among: sensorNames + kernels))
        }
        continue
      }
      if let missing = missingChannels["\(name).\(channel)"] {
        report(position, "'\(text)' \(missing.lack)", remedy: missing.remedy)
        continue
      }
      guard channel == "*" || channels.contains(where: { $0.channel == channel }) else {
        report(
          position, "sensor '\(name)' has no channel '\(channel)'",
          remedy: suggestion(for: channel, among: channels.map(\.channel) + ["*"]))
        continue
      }
      hidden.hide(channel == "*" ? nil : channel, of: name)
    }
    return hidden
  }

  mutating func readMQTT(_ values: OptionValues) -> MQTTSettings? {
    checkPairs(values)
    guard let broker = values.text("broker"), let version = values.text("protocol") else {
      return nil
    }
    // Said here, where the other keys are known, and before anything could repeat the text.
    guard !broker.contains("@") else {
      report(
        values.position(of: "broker"), "'broker' holds a user name or a password",
        remedy: "write 'mqtts://HOST:PORT' and, as keys below it, 'user' and 'password-file'")
      return nil
    }
    if broker.hasPrefix("mqtt://") {
      for key in ["ca", "certificate", "key-file"] where values[key] != nil {
        report(
          values.keyPosition(of: key), "'\(key)' is for TLS, but the broker's address is without",
          remedy: "write 'broker: mqtts://HOST:PORT', or remove '\(key)'")
      }
    }
    return MQTTSettings(
      broker: broker, brokerPosition: values.position(of: "broker"), user: values.text("user"),
      passwordFile: values.text("password-file"), authorityFile: values.text("ca"),
      certificateFile: values.text("certificate"), keyFile: values.text("key-file"),
      protocolVersion: version)
  }

  /// Reports keys that mean nothing without another.
  private mutating func checkPairs(_ values: OptionValues) {
    let pairs = [
      ("certificate", "key-file", "/etc/cairn/board.key"),
      ("key-file", "certificate", "/etc/cairn/board.pem"), ("password-file", "user", "river-07"),
    ]
    for (key, other, example) in pairs
    where values.isWritten(key) && !values.isWritten(other) && values.isComplete {
      report(
        values.keyPosition(of: key), "'\(key)' stands without '\(other)'",
        remedy: "write for example '\(other): \(example)' too")
    }
  }
}

extension BusDeclaration.Device {
  /// Whether it is made of models.
  public var isVirtual: Bool {
    switch self {
    case .i2c, .lines: false
    case .virtualI2C, .virtualLines: true
    }
  }

  /// Whether it carries I2C chips.
  public var isI2C: Bool {
    switch self {
    case .i2c, .virtualI2C: true
    case .lines, .virtualLines: false
    }
  }
}
