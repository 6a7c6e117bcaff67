import Buses
import Configuration

/// The channels that a sensor reads of a kernel's device, each with where it is found.
struct KernelReader: Sendable {
  private struct Entry {
    /// What the board file says: a stem or a label.
    let text: String
    /// The stem that it means on the device that is open.
    var stem: String?
  }

  private let table: KernelChannelTable
  /// For each channel of the table, what the board file says of it.
  private var entries: [Entry?]

  init(_ table: KernelChannelTable, _ options: OptionValues) throws(OptionConflict) {
    self.table = table
    entries = []
    for channel in table.channels {
      guard let text = options.text(channel.name) else {
        entries.append(nil)
        continue
      }
      try Self.check(text, for: channel, in: table)
      entries.append(Entry(text: text))
    }
  }

  /// Refuses what cannot be a stem of the channel and is hardly meant as a label.
  private static func check(
    _ text: String, for channel: KernelChannel, in table: KernelChannelTable
  ) throws(OptionConflict) {
    if text.contains("/") {
      throw OptionConflict(
        option: channel.name, "'\(channel.name)' cannot be a path",
        remedy: "write the stem of the attribute's name, for example '\(channel.example)'")
    }
    if let stem = table.stem(ofValue: text), table.channel(of: stem) != nil {
      throw OptionConflict(
        option: channel.name, "'\(channel.name)' cannot be '\(text)', which is one attribute",
        remedy: "write '\(stem)'")
    }
    if let other = table.channel(of: text), other.name != channel.name {
      throw OptionConflict(
        option: channel.name, "'\(channel.name)' cannot be '\(text)', which is of another kind",
        remedy: "write '\(other.name): \(text)', or for example '\(channel.example)'")
    }
  }

  /// Reads every channel that the board file names.
  ///
  /// A channel that cannot be read is a fault as long as another one can be; where none can, the
  /// first failure is thrown.
  mutating func fetch<Device: KernelDevice & ~Copyable>(
    from device: inout Device
  ) throws(DriverFailure) -> [[UInt8]] {
    var raw: [[UInt8]] = []
    var failure: KernelDeviceFailure?
    var isRead = false
    for (index, channel) in table.channels.enumerated() {
      guard let entry = entries[index] else {
        raw.append([])
        continue
      }
      let outcome: KernelOutcome
      do throws(KernelDeviceFailure) {
        let stem: String
        if let known = entry.stem {
          stem = known
        } else {
          stem = try self.stem(of: entry.text, channel, on: &device)
          entries[index]?.stem = stem
        }
        switch table.subsystem {
        case .hwmon: outcome = try HWMONSensor.outcome(of: stem, channel, on: &device)
        case .iio: outcome = try IIOSensor.outcome(of: stem, on: &device)
        }
        isRead = true
      } catch {
        guard error.kind != .deviceGone else { throw forgetting(error) }
        entries[index]?.stem = nil
        failure = failure ?? error
        outcome = .fault(KernelChannelFault(error.kind))
      }
      raw.append(outcome.bytes(isScaled: table.isScaled))
    }
    if let failure, !isRead { throw forgetting(failure) }
    return raw
  }

  /// A failure, after which the device may be another one, or have other numbers.
  private mutating func forgetting(_ failure: KernelDeviceFailure) -> DriverFailure {
    for index in entries.indices { entries[index]?.stem = nil }
    return .kernel(failure)
  }

  /// The stem that a text means: itself, or the one with the text as its label.
  private func stem<Device: KernelDevice & ~Copyable>(
    of text: String, _ channel: KernelChannel, on device: inout Device
  ) throws(KernelDeviceFailure) -> String {
    let sources = table.sources(among: try device.attributes())
      .filter { $0.channel == channel.name }
    if sources.contains(where: { $0.stem == text }) { return text }
    var found: [String] = []
    var known: [String] = []
    for source in sources {
      // A driver may have labels for some channels only, and an error for the others.
      let label = try? device.attribute(source.labelAttribute)
      if label == text { found.append(source.stem) }
      known.append(source.stem + (label.map { " '\($0)'" } ?? ""))
    }
    guard found.count < 2 else {
      throw KernelDeviceFailure(
        .ambiguous, detail: "label '\(text)' is that of \(found.joined(separator: ", "))")
    }
    guard let stem = found.first else {
      throw KernelDeviceFailure(
        .noSuchAttribute,
        detail: "\(channel.name) '\(text)'; "
          + (known.isEmpty
            ? "the device has no '\(channel.type)'" : "there is " + known.joined(separator: ", ")))
    }
    return stem
  }
}
