import Foundation

/// A tree of directories, links and files that looks like a part of /sys.
final class FakeSystem {
  let root: String

  init() throws {
    root =
      FileManager.default.temporaryDirectory
      .appending(path: "cairn-sys-\(ProcessInfo.processInfo.globallyUniqueString)").path
    for folder in ["class/hwmon", "bus/iio/devices", "devices"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Adds a device of hwmon below another device, as the kernel has it since 3.13.
  func addHWMON(_ number: Int, below parent: String, _ attributes: [String: String]) throws {
    let place = "devices/\(parent)/hwmon/hwmon\(number)"
    try add(attributes, at: place)
    try link("\(place)/device", to: "../..")
    try link("class/hwmon/hwmon\(number)", to: "../../\(place)")
  }

  /// Adds a device of hwmon whose attributes are those of the device itself.
  func addOldHWMON(_ number: Int, below parent: String, _ attributes: [String: String]) throws {
    try add(attributes, at: "devices/\(parent)")
    let place = "devices/\(parent)/hwmon/hwmon\(number)"
    try add([:], at: place)
    try link("\(place)/device", to: "../..")
    try link("class/hwmon/hwmon\(number)", to: "../../\(place)")
  }

  /// Adds a device of iio below another device.
  func addIIO(_ number: Int, below parent: String, _ attributes: [String: String]) throws {
    let place = "devices/\(parent)/iio:device\(number)"
    try add(attributes, at: place)
    try link("bus/iio/devices/iio:device\(number)", to: "../../../\(place)")
  }

  /// Takes a device away, as when its driver is unloaded.
  func remove(_ link: String) throws {
    let target = URL(fileURLWithPath: "\(root)/\(link)").resolvingSymlinksInPath().path
    try FileManager.default.removeItem(atPath: target)
    try FileManager.default.removeItem(atPath: "\(root)/\(link)")
  }

  private func add(_ attributes: [String: String], at place: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(root)/\(place)", withIntermediateDirectories: true)
    for (name, text) in attributes {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/\(place)/\(name)"))
    }
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/\(path)", withDestinationPath: target)
  }
}
