namespace Faultline.Explain.Decode.Registers;

/// <summary>PKRU: what user code may do with pages of each protection key.</summary>
internal static class Pkru
{
    private static readonly string[] _rights = ["all", "no access", "no writes", "no access, no writes"];

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("PKRU", 32, "Intel SDM vol. 3A, section 4.6.2",
        [.. Enumerable.Range(0, 16).Select(key => new BitField($"key {key}", (2 * key) + 1, 2 * key, "allowed", _rights))])
    {
        Remarks = value => value == 0x5555_5554 ? ["Linux's first value of every process: keys other than 0 are closed."] : [],
    };
}
