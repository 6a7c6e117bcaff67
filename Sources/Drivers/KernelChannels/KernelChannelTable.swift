import Buses
import Configuration
import Quantities

/// The channels that one list of the kernel's devices has, and how their bytes are laid out.
struct KernelChannelTable: Sendable {
  let subsystem: KernelSubsystem
  let channels: [KernelChannel]

  /// Whether a value comes with an offset and a scale.
  var isScaled: Bool { subsystem == .iio }

  /// The channel that attributes with a stem belong to; nil where there is none.
  ///
  /// Sources: Documentation/hwmon/sysfs-interface.rst (type and number); the kernel's
  /// __iio_device_attr_init (type, then a number, a second input, a modifier, a name).
  func channel(of stem: some StringProtocol) -> KernelChannel? {
    let type = stem.prefix { $0.isASCII && $0.isLowercase }
    let rest = stem.dropFirst(type.count)
    guard rest.utf8.allSatisfy(Self.isPartOfStem),
      isScaled || !rest.isEmpty && rest.allSatisfy({ $0.isASCII && $0.isNumber }),
      let channel = channels.first(where: { $0.type == type })
    else { return nil }
    if let allowed = channel.modifiers, let mark = rest.firstIndex(of: "_"),
      !allowed.contains(String(rest[rest.index(after: mark)...]))
    {
      return nil
    }
    return channel
  }

  private static func isPartOfStem(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }

  /// The stem of an attribute that holds a value; nil for any other attribute.
  func stem(ofValue attribute: String) -> Substring? {
    switch subsystem {
    case .hwmon:
      if attribute.hasSuffix("_input") { return attribute.dropLast("_input".count) }
      guard attribute.hasPrefix("power"), attribute.hasSuffix("_average") else { return nil }
      return attribute.dropLast("_average".count)
    case .iio:
      guard attribute.hasPrefix("in_"),
        let end = ["_input", "_raw"].first(where: { attribute.hasSuffix($0) }),
        attribute.count > "in_".count + end.count
      else { return nil }
      return attribute.dropFirst("in_".count).dropLast(end.count)
    }
  }

  /// What can be read of a device with these attributes: by channel, then by number.
  func sources(among attributes: [String]) -> [KernelSource] {
    let stems = Set(attributes.compactMap { stem(ofValue: $0).map(String.init) })
    let places = Dictionary(
      channels.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { one, _ in one })
    return stems.compactMap { stem in
      channel(of: stem).map { channel in
        KernelSource(
          channel: channel.name, stem: stem,
          labelAttribute: (subsystem == .iio ? "in_" : "") + stem + "_label")
      }
    }.sorted {
      (places[$0.channel] ?? 0, $0.stem.count, $0.stem)
        < (places[$1.channel] ?? 0, $1.stem.count, $1.stem)
    }
  }

  /// What raw bytes mean: an empty string stands for a channel that is not read.
  func decode(_ raw: [[UInt8]]) throws(DriverFailure) -> Measurement {
    let count = KernelOutcome.byteCount(isScaled: isScaled)
    guard raw.count == channels.count, raw.allSatisfy({ $0.isEmpty || $0.count == count }) else {
      throw .malformed(
        "raw bytes have the lengths \(raw.map(\.count)), expected \(channels.count) of \(count)"
          + " or 0")
    }
    var builder = MeasurementBuilder()
    for (channel, bytes) in zip(channels, raw) where !bytes.isEmpty {
      switch try KernelOutcome(bytes, isScaled: isScaled) {
      case .fault(let fault): builder.add(channel.name, 0, channel.unit, fault: fault.cause)
      case .value(let value, let offset, let scale):
        let nano = channel.nano(value: value, offset: offset, scale: scale)
        builder.add(
          channel.name, nano ?? 0, channel.unit,
          fault: nano == nil ? "the kernel's value is too large to be kept" : nil)
      }
    }
    return builder.measurement
  }

  /// The description of the list's driver.
  func specification(summary: String, datasheet: String) -> DriverSpecification {
    let count = KernelOutcome.byteCount(isScaled: isScaled)
    return DriverSpecification(
      name: subsystem.rawValue, revision: 1, summary: summary, datasheet: datasheet,
      attachment: .kernel(subsystem),
      options: channels.map { channel in
        OptionSpecification(
          channel.name, .text(example: channel.example), .optional,
          help:
            "The stem of the kernel's attributes for the channel '\(channel.name)', or its label")
      },
      channels: channels.map { channel in
        ChannelSpecification(
          channel.name, channel.unit,
          resolution: isScaled
            ? 0 : 1_000_000_000 * channel.numerator / channel.denominator,
          neededOption: channel.name,
          help: "From the kernel's '\(channel.type)' in \(channel.kernelUnit); only where its key"
            + " is written")
      },
      rawLayout: channels.map { channel in
        RawString(
          "\(channel.name), empty where not read: status, then \(isScaled ? "value, offset, scale" : "value")"
            + " in billionths of \(channel.kernelUnit), 16 bytes each, most significant first",
          bytes: count)
      },
      stimuli: [])
  }
}
