extension LinuxI2CBus {
  /// An adapter of this machine.
  public struct Adapter: Hashable, Sendable {
    /// The device node, for example `/dev/i2c-1`.
    public let path: String
    /// What the adapter's driver calls it, for example `bcm2835 (i2c@7e804000)`; empty if nothing.
    public let name: String
  }

  /// The adapters that have a device node, by number.
  ///
  /// Empty where there are none, and where the kernel's i2c-dev module is not loaded.
  public static func buses() -> [Adapter] {
    buses(nodes: "/dev", system: "/sys")
  }

  static func buses(nodes: String, system: String) -> [Adapter] {
    let prefix = "\(nodes)/i2c-"
    let numbers = SystemText.paths(matching: "\(prefix)[0-9]*")
      .compactMap { Int($0.dropFirst(prefix.count)) }
    return numbers.sorted().map { number in
      let name = SystemText.line(of: "\(system)/class/i2c-dev/i2c-\(number)/name") ?? ""
      return Adapter(path: prefix + String(number), name: name)
    }
  }
}
