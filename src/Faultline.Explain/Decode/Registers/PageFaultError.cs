namespace Faultline.Explain.Decode.Registers;

/// <summary>The error code of a page fault.</summary>
internal static class PageFaultError
{
    private const ulong P = 1, W = 2, U = 4, Reserved = 8, I = 16, PK = 32, SS = 64;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("page-fault error code", 32, "Intel SDM vol. 3A, section 4.7",
    [
        new("P", 0, "the page is present: its protection forbade the access"),
        new("W/R", 1, "a write"),
        new("U/S", 2, "in user mode"),
        new("RSVD", 3, "a reserved bit was set in a page-table entry"),
        new("I/D", 4, "an instruction fetch"),
        new("PK", 5, "a protection key forbade it"),
        new("SS", 6, "a shadow-stack access"),
        new("HLAT", 7, "during a walk that started at HLATP"),
        new("SGX", 15, "the enclave page cache's own rules forbade it"),
        new("RMP", 31, "the reverse map table forbade it (AMD SEV-SNP)"),
    ])
    {
        Remarks = Remark,
    };

    /// <summary>An error code as a sentence without its full stop: <c>a user write to a page that is not present</c>.</summary>
    public static string Sentence(ulong code)
    {
        string who = (code & U) != 0 ? "a user" : "a supervisor";
        string what = (code & I) != 0 ? "instruction fetch from" : (code & W) != 0 ? "write to" : "read from";
        if ((code & SS) != 0)
            what = "shadow-stack " + what;
        string why = (code & (P | Reserved | PK | I | W | U)) switch
        {
            var c when (c & P) == 0 => "a page that is not present",
            var c when (c & Reserved) != 0 => "a page whose table entry has a reserved bit set",
            var c when (c & PK) != 0 => "a page whose protection key is closed",
            var c when (c & I) != 0 => (c & U) != 0 ? "a page that is not executable or not the user's" : "a page that is not executable, or a user page under SMEP",
            var c when (c & U) != 0 => (c & W) != 0 ? "a page that is read-only or not the user's" : "a page that is not the user's",
            var c when (c & W) != 0 => "a page that is read-only, or a user page under SMAP",
            _ => "a user page under SMAP",
        };
        return $"{who} {what} {why}";
    }

    private static IEnumerable<string> Remark(ulong code)
    {
        string sentence = Sentence(code);
        yield return $"{char.ToUpperInvariant(sentence[0])}{sentence[1..]}.";
        if ((code & (P | Reserved)) == Reserved)
            yield return "RSVD without P: no processor reports that.";
        if ((code & (W | I)) == (W | I))
            yield return "W/R with I/D: a fetch never writes.";
    }
}
