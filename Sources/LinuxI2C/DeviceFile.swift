import Buses
import CI2C
import Glibc

/// A device node that is open for this program alone.
///
/// The lock is advisory (flock(2)): it keeps a second run of this program off the bus, and any
/// other program that asks for it. It ends with the descriptor, also when the program is killed.
struct DeviceFile: ~Copyable, Sendable {
  let path: String
  let descriptor: Int32

  /// Opens and locks a node; another program's lock is the failure `busy`.
  init(opening path: String) throws(I2CFailure) {
    descriptor = try Self.lockedDescriptor(of: path)
    self.path = path
  }

  deinit {
    close(descriptor)
  }

  private static func lockedDescriptor(of path: String) throws(I2CFailure) -> Int32 {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw I2CFailure(
        .deviceGone, detail: "'\(path)' is not a path; write for example /dev/i2c-1")
    }
    var descriptor: Int32
    repeat {
      descriptor = open(path, O_RDWR | O_CLOEXEC)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw I2CFailure(errno: errno, opening: path) }
    var result: Int32
    repeat {
      result = flock(descriptor, LOCK_EX | LOCK_NB)
    } while result < 0 && errno == EINTR
    guard result < 0 else { return descriptor }

    let code = errno
    defer { close(descriptor) }
    guard code == EWOULDBLOCK else { throw I2CFailure(errno: code, opening: path) }
    var node = cairn_node()
    let isKnown = cairn_node_of_descriptor(descriptor, &node) == 0
    let holder = isKnown ? LockHolder.current(of: FileIdentity(node)) : nil
    throw I2CFailure(
      .busy, detail: "\(path) is held by \(holder?.description ?? "another program")")
  }

  /// The node behind the descriptor, which stays what it was when the path is given to another.
  func node() throws(I2CFailure) -> cairn_node {
    var node = cairn_node()
    let result = cairn_node_of_descriptor(descriptor, &node)
    guard result == 0 else { throw I2CFailure(errno: -result) }
    return node
  }

  /// Whether the path still leads to the node that was opened.
  func isStillThere() -> Bool {
    var opened = cairn_node()
    var present = cairn_node()
    guard cairn_node_of_descriptor(descriptor, &opened) == 0,
      cairn_node_at_path(path, &present) == 0
    else { return false }
    return FileIdentity(opened) == FileIdentity(present)
  }
}

extension FileIdentity {
  init(_ node: cairn_node) {
    self.init(
      major: node.file_system_major, minor: node.file_system_minor, inode: node.inode)
  }
}
