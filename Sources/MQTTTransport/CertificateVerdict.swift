import Glibc

/// What OpenSSL found out about the broker's certificate.
///
/// libmosquitto says only "certificate verify failed", which leaves a board whose clock has not been
/// set yet in the dark. It links OpenSSL; the two functions that know more are asked for by name at
/// run time, so nothing else has to be installed to build this. Without them the words stay general.
struct CertificateVerdict {
  /// OpenSSL's number (`X509_V_ERR_...` in openssl/x509_vfy.h); 0 is a good certificate.
  let code: Int
  /// OpenSSL's words.
  let words: String

  init?(session: UnsafeMutableRawPointer) {
    typealias VerifyResult = @convention(c) (UnsafeMutableRawPointer?) -> CLong
    typealias ErrorString = @convention(c) (CLong) -> UnsafePointer<CChar>?
    guard let verifyResult = dlsym(nil, "SSL_get_verify_result"),
      let errorString = dlsym(nil, "X509_verify_cert_error_string")
    else { return nil }
    code = unsafeBitCast(verifyResult, to: VerifyResult.self)(session)
    guard let words = unsafeBitCast(errorString, to: ErrorString.self)(CLong(code)) else {
      return nil
    }
    self.words = String(cString: words)
  }

  /// What to look at, where the number tells.
  var hint: String? {
    switch code {
    case 9, 10: "check the board's clock, then the certificate's dates"
    case 2, 18, 19, 20, 21: "check the file of the authorities"
    case 62, 64: "check the endpoint's host"
    default: nil
    }
  }
}
