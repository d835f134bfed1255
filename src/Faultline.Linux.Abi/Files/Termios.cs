using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct termios2</c> (asm-generic/termbits.h): the first 36 bytes are <c>struct termios</c>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct Termios
{
    /// <summary>Bytes of struct termios.</summary>
    public const int ShortSize = 36;

    /// <summary>Bytes with the two speeds.</summary>
    public const int Size = 44;

    public const uint IGNCR = 0x80;
    public const uint ISTRIP = 0x20;
    public const uint INLCR = 0x40;
    public const uint ICRNL = 0x100;
    public const uint IUCLC = 0x200;
    public const uint IXON = 0x400;
    public const uint IXANY = 0x800;
    public const uint IUTF8 = 0x4000;

    public const uint OPOST = 1;
    public const uint OLCUC = 2;
    public const uint ONLCR = 4;
    public const uint OCRNL = 8;
    public const uint ONOCR = 0x10;
    public const uint ONLRET = 0x20;
    public const uint TABDLY = 0x1800;

    public const uint ISIG = 1;
    public const uint ICANON = 2;
    public const uint ECHO = 8;
    public const uint ECHOE = 0x10;
    public const uint ECHOK = 0x20;
    public const uint ECHONL = 0x40;
    public const uint NOFLSH = 0x80;
    public const uint TOSTOP = 0x100;
    public const uint ECHOCTL = 0x200;
    public const uint ECHOKE = 0x800;
    public const uint IEXTEN = 0x8000;
    public const uint EXTPROC = 0x10000;

    public const int VINTR = 0;
    public const int VQUIT = 1;
    public const int VERASE = 2;
    public const int VKILL = 3;
    public const int VEOF = 4;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int VSTART = 8;
    public const int VSTOP = 9;
    public const int VSUSP = 10;
    public const int VEOL = 11;
    public const int VREPRINT = 12;
    public const int VWERASE = 14;
    public const int VLNEXT = 15;
    public const int VEOL2 = 16;

    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;
    public ControlCharacters c_cc;
    public uint c_ispeed;
    public uint c_ospeed;

    /// <summary>The special characters, by the V constants.</summary>
    [InlineArray(19)]
    internal struct ControlCharacters
    {
        private byte _first;
    }

    /// <summary>What a new pseudo-terminal starts with (tty_std_termios with the changes of drivers/tty/pty.c).</summary>
    public static Termios Standard
    {
        get
        {
            const uint b38400 = 15, cs8 = 0x30, cread = 0x80;
            Termios made = new()
            {
                c_iflag = ICRNL | IXON,
                c_oflag = OPOST | ONLCR,
                c_cflag = b38400 | cs8 | cread,
                c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
                c_ispeed = 38400,
                c_ospeed = 38400,
            };
            ReadOnlySpan<byte> characters = [3, 0x1C, 0x7F, 0x15, 4, 0, 1, 0, 0x11, 0x13, 0x1A, 0, 0x12, 0x0F, 0x17, 0x16, 0];
            characters.CopyTo(made.c_cc);
            return made;
        }
    }

    /// <summary>Whether a mode of c_lflag is on.</summary>
    public readonly bool HasLocal(uint flag) => (c_lflag & flag) != 0;

    /// <summary>Whether a mode of c_iflag is on.</summary>
    public readonly bool HasInput(uint flag) => (c_iflag & flag) != 0;

    /// <summary>Whether a mode of c_oflag is on.</summary>
    public readonly bool HasOutput(uint flag) => (c_oflag & flag) != 0;
}
