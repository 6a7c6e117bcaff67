public import Buses
import CGPIO
import Glibc

/// A GPIO chip of this machine.
public struct GPIOChip: Hashable, Sendable {
  /// One line of a chip.
  public struct Line: Hashable, Sendable {
    /// The line's number on its chip, from 0.
    public let offset: Int
    /// The name that the device tree gives it, for example `GPIO17`; empty if none.
    public let name: String
    /// Who holds it, or empty.
    public let consumer: String
    /// Whether a program or the kernel holds it.
    public let isUsed: Bool
  }

  /// The device node, for example `/dev/gpiochip0`.
  public let path: String
  /// The kernel's name, for example `gpiochip0`; it may differ from one start to the next.
  public let name: String
  /// The driver's name, for example `pinctrl-bcm2711`, which stays.
  public let label: String
  /// The number of lines.
  public let lineCount: Int

  /// The release of libgpiod that this program is built with: 1 or 2.
  public static var libraryRelease: Int { Int(cairn_gpio_api()) }

  /// The chips that can be opened, by number.
  public static func chips() -> [GPIOChip] {
    survey().chips
  }

  /// The chip's lines by offset.
  ///
  /// Throws `noSuchLine` or `deviceGone` where the chip went away since it was listed.
  public func lines() throws(LineFailure) -> [Line] {
    let handle = try ChipHandle(opening: path)
    var lines: [Line] = []
    for offset in 0..<lineCount {
      lines.append(try handle.line(offset))
    }
    return lines
  }

  /// What there is, and what there is but cannot be opened.
  struct Survey: Hashable, Sendable {
    var chips: [GPIOChip] = []
    var closedPaths: [String] = []

    /// What there is, for error messages.
    var text: String {
      let known = chips.map { "\($0.name) (\($0.label))" }.joined(separator: ", ")
      let closed = closedPaths.joined(separator: ", ")
      return switch (known.isEmpty, closed.isEmpty) {
      case (true, true): "this machine has no GPIO chip"
      case (false, true): "there are \(known)"
      case (true, false): "no permission to open \(closed)"
      case (false, false): "there are \(known); no permission to open \(closed)"
      }
    }
  }

  static func survey(nodes: String = "/dev") -> Survey {
    let prefix = "\(nodes)/gpiochip"
    var found = glob_t()
    defer { globfree(&found) }
    guard glob("\(prefix)[0-9]*", 0, nil, &found) == 0 else { return Survey() }
    let numbers = (0..<Int(found.gl_pathc))
      .compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
      .compactMap { Int($0.dropFirst(prefix.count)) }
    var survey = Survey()
    for number in numbers.sorted() {
      let path = prefix + String(number)
      // Some boards keep an old name as a link to the chip, which would then be listed twice.
      guard cairn_gpio_is_link(path) == 0 else { continue }
      do throws(LineFailure) {
        survey.chips.append(try ChipHandle(opening: path, isListing: true).facts())
      } catch {
        if error.kind == .other { survey.closedPaths.append(path) }
      }
    }
    return survey
  }
}
