namespace Faultline.Explain.Reports.Parsing;

/// <summary>The kernel's taint letters (Documentation/admin-guide/tainted-kernels.rst, kernel/panic.c).</summary>
internal static class TaintLetters
{
    private static readonly (char Letter, int Bit, string Meaning)[] _letters =
    [
        ('P', 0, "a proprietary module was loaded"),
        ('G', 0, "all modules loaded have a licence compatible with the GPL"),
        ('F', 1, "a module was loaded by force"),
        ('S', 2, "the kernel runs on a processor or system that is out of its specification"),
        ('R', 3, "a module was unloaded by force"),
        ('M', 4, "a processor reported a machine check"),
        ('B', 5, "a page was in a bad state: memory may be damaged"),
        ('U', 6, "user space asked for this mark"),
        ('D', 7, "the kernel died before: an earlier oops or BUG"),
        ('A', 8, "an ACPI table was overridden"),
        ('W', 9, "a warning was issued before"),
        ('C', 10, "a staging driver was loaded"),
        ('I', 11, "a workaround for a severe firmware bug is active"),
        ('O', 12, "a module from outside the kernel's tree was loaded"),
        ('E', 13, "an unsigned module was loaded"),
        ('L', 14, "a soft lockup occurred before"),
        ('K', 15, "the kernel was live-patched"),
        ('X', 16, "auxiliary mark, whose meaning the distribution defines"),
        ('T', 17, "the kernel was built with randomised structure layouts"),
        ('N', 18, "an in-kernel test was run"),
        ('J', 19, "user space made a mutating debug operation through fwctl"),
    ];

    /// <summary>Every letter that Linux knows, in the order of their bits.</summary>
    public static IEnumerable<TaintFlag> All => _letters.Select(row => new TaintFlag(row.Letter, row.Bit, row.Meaning));

    /// <summary>Reads the letters printed after <c>Tainted:</c>; blanks between them are flags that are clear.</summary>
    public static IReadOnlyList<TaintFlag> Read(ReadOnlySpan<char> text)
    {
        List<TaintFlag> flags = [];
        foreach (char letter in text)
        {
            if (letter == ' ')
                continue;
            (char Letter, int Bit, string? Meaning) row = Array.Find(_letters, known => known.Letter == letter);
            flags.Add(row.Meaning is null
                ? new TaintFlag(letter, -1, "a letter that Linux 6.16 does not know")
                : new TaintFlag(letter, row.Bit, row.Meaning));
        }
        return flags;
    }
}
