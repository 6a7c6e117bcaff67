public import Buses

extension LinuxKernelDevice {
  /// A device of this machine.
  public struct Listed: Hashable, Sendable {
    /// The name, with that of the device above it where there is one.
    public let name: KernelDeviceName
    let path: String
  }

  /// The devices of a list, in the order of the kernel's numbers.
  public static func devices(
    of subsystem: KernelSubsystem, below root: String = "/sys"
  ) -> [Listed] {
    let (folder, prefix) =
      switch subsystem {
      case .hwmon: ("\(root)/class/hwmon", "hwmon")
      case .iio: ("\(root)/bus/iio/devices", "iio:device")
      }
    let numbers = DirectoryNames.names(at: folder)
      .filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }
    return numbers.sorted().compactMap { number in
      listed(subsystem, at: "\(folder)/\(prefix)\(number)")
    }
  }

  private static func listed(_ subsystem: KernelSubsystem, at path: String) -> Listed? {
    switch subsystem {
    case .hwmon:
      // Old drivers have their attributes in the directory of the device itself, as libsensors
      // knows them.
      for place in [path, path + "/device"] {
        if let name = text(of: place + "/name") {
          let parent = DirectoryNames.resolved(path + "/device").map(lastPart)
          return Listed(
            name: KernelDeviceName(.hwmon, name: name, parent: parent), path: place)
        }
      }
      return nil
    case .iio:
      guard let name = text(of: path + "/name") else { return nil }
      // Devices of a bus have no link to the device above them; the place of their own says it.
      let above = DirectoryNames.resolved(path).map { $0.dropLast(lastPart($0).count + 1) }
      return Listed(
        name: KernelDeviceName(.iio, name: name, parent: above.map { lastPart(String($0)) }),
        path: path)
    }
  }

  private static func lastPart(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }
}
