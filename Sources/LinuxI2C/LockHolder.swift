/// A file as /proc/locks names it.
struct FileIdentity: Hashable, Sendable {
  /// The major number of the file system's device.
  let major: UInt32
  /// The minor number of the file system's device.
  let minor: UInt32
  /// The file's number in the file system.
  let inode: UInt64
}

/// The process that holds a lock.
struct LockHolder: Hashable, Sendable, CustomStringConvertible {
  /// The process's number.
  let process: Int
  /// The program's name, or nil where the process is out of sight.
  let program: String?

  /// Who holds a file's flock(2) lock, or nil where the kernel does not tell.
  static func current(of file: FileIdentity) -> LockHolder? {
    guard let table = SystemText.contents(of: "/proc/locks"),
      let process = process(holding: file, in: table)
    else { return nil }
    return LockHolder(process: process, program: SystemText.line(of: "/proc/\(process)/comm"))
  }

  /// The holder's number in the text of /proc/locks (proc_locks(5)).
  ///
  /// A line is `1: FLOCK  ADVISORY  WRITE 2304 00:16:1234 0 EOF`: the process, then the file
  /// system's device in hexadecimal and the file's number in decimal. Lines of those who wait have
  /// `->` in the second place. A process of another container has the number 0 or below.
  static func process(holding file: FileIdentity, in table: String) -> Int? {
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count >= 6, fields[1] == "FLOCK", let process = Int(fields[4]), process > 0
      else { continue }
      let numbers = fields[5].split(separator: ":")
      guard numbers.count == 3, let major = UInt32(numbers[0], radix: 16),
        let minor = UInt32(numbers[1], radix: 16), let inode = UInt64(numbers[2])
      else { continue }
      if FileIdentity(major: major, minor: minor, inode: inode) == file { return process }
    }
    return nil
  }

  var description: String {
    program.map { "process \(process) (\($0))" } ?? "process \(process)"
  }
}
