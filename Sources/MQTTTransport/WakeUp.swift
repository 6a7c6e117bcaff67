import Glibc

/// A pipe that ends another thread's `poll`.
///
/// Where no pipe can be had (no file descriptors are left), the thread wakes by its own ticks only.
final class WakeUp: Sendable {
  /// The end to poll; negative where there is none, which `poll` skips.
  let descriptor: CInt
  private let writeEnd: CInt

  init() {
    var ends: [CInt] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    descriptor = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    close(writeEnd)
  }

  /// Ends the present or the next wait; a full pipe is as good as a byte more.
  func signal() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  /// Takes back what was signalled.
  func drain() {
    var bytes: [64 of UInt8] = .init(repeating: 0)
    while withUnsafeMutableBytes(of: &bytes, { read(descriptor, $0.baseAddress, $0.count) }) > 0 {}
  }
}
