namespace Faultline.Explain.Code;

/// <summary>Byte sequences of forward-edge control-flow integrity in x86-64 kernels.</summary>
internal enum CfiKind
{
    /// <summary>kCFI: the type hash as the immediate of a mov before the function.</summary>
    KcfiPreamble,

    /// <summary>FineIBT: endbr64 and a comparison of the caller's hash before the function.</summary>
    FineIbtPreamble,

    /// <summary>kCFI: the caller compares the hash before the target.</summary>
    KcfiCheck,

    /// <summary>FineIBT: the caller loads the hash and aims 16 bytes before the function.</summary>
    FineIbtCaller,

    /// <summary>FineIBT with cfi=paranoid: the caller compares as well.</summary>
    FineIbtParanoidCaller,
}
