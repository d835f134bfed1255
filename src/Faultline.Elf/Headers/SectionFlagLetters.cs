namespace Faultline.Elf.Headers;

/// <summary>Flags of sections as readelf -S prints them.</summary>
internal static class SectionFlagLetters
{
    private static readonly (SectionFlags Flag, char Letter)[] _letters =
    [
        (SectionFlags.SHF_WRITE, 'W'), (SectionFlags.SHF_ALLOC, 'A'), (SectionFlags.SHF_EXECINSTR, 'X'), (SectionFlags.SHF_MERGE, 'M'),
        (SectionFlags.SHF_STRINGS, 'S'), (SectionFlags.SHF_INFO_LINK, 'I'), (SectionFlags.SHF_LINK_ORDER, 'L'),
        (SectionFlags.SHF_OS_NONCONFORMING, 'O'), (SectionFlags.SHF_GROUP, 'G'), (SectionFlags.SHF_TLS, 'T'),
        (SectionFlags.SHF_COMPRESSED, 'C'), (SectionFlags.SHF_X86_64_LARGE, 'l'), (SectionFlags.SHF_EXCLUDE, 'E'),
        (SectionFlags.SHF_GNU_RETAIN, 'R'),
    ];

    /// <summary>One letter for each known flag, and "x" for any that is not known.</summary>
    public static string Of(SectionFlags flags)
    {
        Span<char> text = stackalloc char[_letters.Length + 1];
        int length = 0;
        foreach ((SectionFlags flag, char letter) in _letters)
        {
            if ((flags & flag) != 0)
            {
                text[length++] = letter;
                flags &= ~flag;
            }
        }

        if (flags != 0)
        {
            text[length++] = 'x';
        }

        return new string(text[..length]);
    }
}
