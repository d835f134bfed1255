using Faultline.Linux.Abi;

namespace Faultline.Explain.Decode.Numbers;

/// <summary>Error numbers, by number (also negative, and as a pointer) or name.</summary>
internal static class ErrnoDecoder
{
    private const int Highest = 4095;

    /// <summary>Numbers past those that programs see, which the table of programs' numbers lacks (<c>include/linux/errno.h</c>).</summary>
    private static readonly Dictionary<int, (string Name, string Meaning)> _internal = new()
    {
        [515] = ("ENOIOCTLCMD", "no such ioctl command"),
        [517] = ("EPROBE_DEFER", "the driver asks to be probed again later"),
        [518] = ("EOPENSTALE", "the open found a stale handle"),
        [519] = ("ENOPARAM", "no such parameter"),
        [521] = ("EBADHANDLE", "illegal NFS file handle"),
        [522] = ("ENOTSYNC", "mismatch on update"),
        [523] = ("EBADCOOKIE", "stale cookie"),
        [524] = ("ENOTSUPP", "not supported"),
        [525] = ("ETOOSMALL", "buffer or request too small"),
        [526] = ("ESERVERFAULT", "an error that cannot be translated"),
        [527] = ("EBADTYPE", "type not supported by the server"),
        [528] = ("EJUKEBOX", "the request will not finish before a timeout"),
        [529] = ("EIOCBQUEUED", "queued; completion will be told"),
        [530] = ("ERECALLCONFLICT", "conflict with a state that was recalled"),
    };

    /// <summary>Decodes one number or name.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        if (request.Words.Count != 1)
            return DecodeOutcome.Fail("an errno is one number or one name");
        string word = request.Words[0].Trim();
        if (FindName(word.TrimStart('-')) is { } named)
            return Describe(named, "");
        if (!ValueText.TryDecimal(word, out ulong value, out _))
            return DecodeOutcome.Fail($"no errno is called '{ValueText.Shown(word)}'");
        long signed = (long)value;
        // 0xfffffff2: the lower half of a register, or an int.
        if (value is > int.MaxValue and <= uint.MaxValue)
            signed = (int)value;
        if (signed is < -Highest or > Highest)
            return DecodeOutcome.Fail($"0x{value:x} is no errno: they run from 1 to {Highest}, and pointers that hold one from 0xfffffffffffff001");
        if (signed == 0)
            return new Decoded { Title = "errno 0: no error", Source = Source };
        string note = signed < 0 ? $"As the kernel returns it: -{Name((int)-signed)}; as a pointer, ERR_PTR(-{Name((int)-signed)}) is 0x{(ulong)signed:x}." : "";
        return Describe((int)Math.Abs(signed), note);
    }

    /// <summary>The number of a name, regardless of case; null when there is none.</summary>
    public static int? FindName(string name)
    {
        if (name.Length < 3 || name[0] is not ('E' or 'e'))
            return null;
        for (int errno = 1; errno <= Highest; errno++)
        {
            if (Name(errno).Equals(name, StringComparison.OrdinalIgnoreCase))
                return errno;
        }
        return name.ToUpperInvariant() switch
        {
            "EWOULDBLOCK" => Errno.EAGAIN,
            "EDEADLOCK" => FindName("EDEADLK"),
            "ENOTSUP" => FindName("EOPNOTSUPP"),
            _ => null,
        };
    }

    private static string Source => "include/uapi/asm-generic/errno.h; other numbers hold on alpha, mips, parisc and sparc";

    private static string Name(int errno) => _internal.TryGetValue(errno, out (string Name, string Meaning) known) ? known.Name : Errno.Name(errno);

    private static DecodeOutcome Describe(int errno, string note)
    {
        string name = Name(errno);
        if (char.IsAsciiDigit(name[0]))
            return DecodeOutcome.Fail($"{errno} is not an errno of Linux, though the kernel would return it as one");
        List<string> notes = note.Length == 0 ? [] : [note];
        if (errno >= 512)
            notes.Add("The kernel's own: a program never sees it, unless it traces another.");
        return new Decoded { Title = $"errno {errno}: {name}, {(_internal.TryGetValue(errno, out (string Name, string Meaning) known) ? known.Meaning : Errno.Describe(errno))}", Source = Source, Notes = notes };
    }
}
