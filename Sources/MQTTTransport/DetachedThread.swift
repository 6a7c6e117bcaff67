import Glibc

/// A thread of the operating system, for calls that block.
enum DetachedThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that no signal reaches; returns why it couldn't be.
  ///
  /// The signals are those of other threads. SIGPIPE is among them: libmosquitto writes to sockets
  /// with `write`, and a connection that the broker has closed must be an error, not an end.
  static func start(_ run: @escaping @Sendable () -> Void) -> String? {
    var everything = sigset_t()
    var before = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_SETMASK, &everything, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      return String(cString: strerror(code))
    }
    pthread_detach(thread)
    return nil
  }
}
