import Glibc
import Synchronization

/// Sockets of the loopback interface.
package enum Loopback {
  private static let given = Mutex<Set<UInt16>>([])

  /// A port that nobody has just now.
  package static func freePort() throws -> UInt16 {
    let (descriptor, port) = try listen(backlog: nil)
    close(descriptor)
    return port
  }

  /// A socket that listens if there is a backlog, on a port that no other test was ever given.
  package static func listen(backlog: CInt?) throws -> (descriptor: CInt, port: UInt16) {
    while true {
      let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      var address = address(0)
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutableBytes(of: &address) { bytes in
        let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
        return bind(descriptor, pointer, length) == 0
          && (backlog.map { Glibc.listen(descriptor, $0) == 0 } ?? true)
          && getsockname(descriptor, pointer, &length) == 0
      }
      guard descriptor >= 0, isBound else { throw SetupFailure(description: "no free port") }
      let port = UInt16(bigEndian: address.sin_port)
      if given.withLock({ $0.insert(port).inserted }) { return (descriptor, port) }
      close(descriptor)
    }
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
