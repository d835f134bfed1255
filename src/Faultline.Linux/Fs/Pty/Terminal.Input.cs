using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Timers;
using static Faultline.Linux.Abi.Files.Termios;

namespace Faultline.Linux.Fs.Pty;

// Input: special characters, editing and echo, lines (n_tty_receive_char, eraser, canon_copy_from_read_buf).
internal sealed partial class Terminal
{
    /// <summary>In the input beside the byte: it ends a line; it is an end of file, which ends a line and is not read.</summary>
    private const ushort EndOfLine = 0x100, EndOfFile = 0x300;

    /// <summary>A tenth of a second, VTIME's unit, in nanoseconds.</summary>
    private const long Decisecond = 100_000_000;

    private readonly List<ushort> _input = [];

    /// <summary>Bytes of finished lines at the start of the input; the rest can be edited.</summary>
    private int _finished;
    private bool _isLiteral;
    private long _arrival;
    private long _readStart;
    private WakeUp? _wakeUp;

    /// <summary>The master writes: input of the slave, as much as there is room for.</summary>
    public long WriteMaster(ReadOnlySpan<byte> buffer)
    {
        int done = 0;
        List<int>? signals = null;
        lock (Lock)
        {
            while (done < buffer.Length && HasInputRoom)
            {
                int signal = Receive(buffer[done++]);
                if (signal != 0)
                    (signals ??= []).Add(signal);
            }
            _arrival = Kernel.Host.Clock.Monotonic;
        }
        if (done == 0 && !buffer.IsEmpty)
            return -Errno.EAGAIN;
        foreach (int signal in signals ?? [])
            Table.Signal(this, signal);
        _queue.Wake();
        return done;
    }

    /// <summary>A slave reads: a line, or what VMIN and VTIME say.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="noWait">What is there is enough.</param>
    public long ReadSlave(Span<byte> buffer, bool noWait)
    {
        long result;
        lock (Lock)
        {
            if (buffer.IsEmpty)
                return 0;
            if (_settings.HasLocal(ICANON))
            {
                if (_finished == 0)
                    return IsMasterOpen ? -Errno.EAGAIN : 0;
                result = TakeLine(buffer);
            }
            else
            {
                result = TakeRaw(buffer, noWait);
                if (result == 0 && !IsMasterOpen)
                    return 0;
                if (result <= 0)
                    return result;
            }
        }
        _queue.Wake();
        return result;
    }

    /// <summary>Bytes a slave can read (FIONREAD).</summary>
    public int InputCount
    {
        get
        {
            lock (Lock)
                return Readable;
        }
    }

    private int Readable => _settings.HasLocal(ICANON) ? _finished : _input.Count;

    /// <summary>
    /// Whether the master may write. A line without an end that fills the input does not stop it: what follows is dropped until the line ends.
    /// </summary>
    private bool HasInputRoom => _input.Count < InputCapacity - 1 || (_settings.HasLocal(ICANON) && _finished == 0);

    private void ClearInput()
    {
        _input.Clear();
        _finished = 0;
        _isLiteral = false;
    }

    /// <summary>Canonical mode ends: what was being edited can be read, and ends of file are none.</summary>
    private void OpenLine()
    {
        _ = _input.RemoveAll(c => (c & EndOfFile) == EndOfFile);
        _finished = 0;
    }

    private int TakeLine(Span<byte> buffer)
    {
        int done = 0, taken = 0;
        while (taken < _finished && done < buffer.Length)
        {
            ushort c = _input[taken++];
            if ((c & EndOfFile) == EndOfFile)
                break;
            buffer[done++] = (byte)c;
            if ((c & EndOfLine) != 0)
                break;
            // A buffer that ends just before the end of file takes it along: the next read must not find an empty file.
            if (done == buffer.Length && taken < _finished && (_input[taken] & EndOfFile) == EndOfFile)
                taken++;
        }
        _input.RemoveRange(0, taken);
        _finished -= taken;
        return done;
    }

    private long TakeRaw(Span<byte> buffer, bool noWait)
    {
        (int least, long time) = (_settings.c_cc[VMIN], _settings.c_cc[VTIME] * Decisecond);
        int ready = Math.Min(_input.Count, buffer.Length);
        long now = Kernel.Host.Clock.Monotonic;
        if (!IsMasterOpen || (noWait && ready > 0) || (least == 0 && ready > 0) || (least > 0 && ready >= Math.Min(least, buffer.Length)))
            return Take(buffer, ready);
        if (noWait)
            return least == 0 && time == 0 ? 0 : -Errno.EAGAIN;
        if (least == 0 && time == 0)
            return 0;
        if (time == 0)
            return -Errno.EAGAIN;
        // With VMIN the time starts with the first byte and anew with each; without it, with the read.
        if (_readStart == 0)
            _readStart = now;
        long start = least == 0 ? _readStart : Math.Max(_arrival, _readStart);
        if (least > 0 && ready == 0)
            return -Errno.EAGAIN;
        if (now - start >= time)
            return Take(buffer, ready);
        Kernel.Timers.Set(_wakeUp ??= new WakeUp(this), start + time);
        return -Errno.EAGAIN;
    }

    private int Take(Span<byte> buffer, int count)
    {
        for (int i = 0; i < count; i++)
            buffer[i] = (byte)_input[i];
        _input.RemoveRange(0, count);
        _finished = Math.Max(_finished - count, 0);
        _readStart = 0;
        return count;
    }

    /// <summary>Takes a byte in; returns the signal it makes, or 0.</summary>
    private int Receive(byte c)
    {
        if (_settings.HasInput(ISTRIP))
            c &= 0x7F;
        if (_settings.HasInput(IUCLC) && _settings.HasLocal(IEXTEN) && c is >= (byte)'A' and <= (byte)'Z')
            c += 0x20;
        if (_settings.HasLocal(EXTPROC))
        {
            Add(c);
            return 0;
        }
        if (_isLiteral)
        {
            _isLiteral = false;
            EchoAndAdd(c);
            return 0;
        }
        if (_settings.HasInput(IXON))
        {
            if (Is(c, VSTART))
            {
                SetStoppedLocked(false);
                return 0;
            }
            if (Is(c, VSTOP))
            {
                SetStoppedLocked(true);
                return 0;
            }
            if (_stopped && _settings.HasInput(IXANY))
                SetStoppedLocked(false);
        }
        if (_settings.HasLocal(ISIG))
        {
            int signal = Is(c, VINTR) ? Sig.SIGINT : Is(c, VQUIT) ? Sig.SIGQUIT : Is(c, VSUSP) ? Sig.SIGTSTP : 0;
            if (signal != 0)
            {
                if (!_settings.HasLocal(NOFLSH))
                {
                    ClearInput();
                    _output.Clear();
                }
                if (_settings.HasInput(IXON))
                    SetStoppedLocked(false);
                if (_settings.HasLocal(ECHO))
                    Echo(c);
                return signal;
            }
        }
        if (c == '\r')
        {
            if (_settings.HasInput(IGNCR))
                return 0;
            if (_settings.HasInput(ICRNL))
                c = (byte)'\n';
        }
        else if (c == '\n' && _settings.HasInput(INLCR))
        {
            c = (byte)'\r';
        }
        if (_settings.HasLocal(ICANON) && Edit(c))
            return 0;
        EchoAndAdd(c);
        return 0;
    }

    /// <summary>Characters that edit or end a line; false for any other.</summary>
    private bool Edit(byte c)
    {
        bool extended = _settings.HasLocal(IEXTEN);
        if (Is(c, VERASE) || Is(c, VKILL) || (extended && Is(c, VWERASE)))
        {
            Erase(c);
            return true;
        }
        if (extended && Is(c, VLNEXT))
        {
            _isLiteral = true;
            if (_settings.HasLocal(ECHO) && _settings.HasLocal(ECHOCTL))
            {
                EchoRaw((byte)'^');
                EchoRaw((byte)'\b');
            }
            return true;
        }
        if (extended && _settings.HasLocal(ECHO) && Is(c, VREPRINT))
        {
            Echo(c);
            EchoRaw((byte)'\n');
            for (int i = _finished; i < _input.Count; i++)
                Echo((byte)_input[i]);
            return true;
        }
        if (c == '\n')
        {
            if (_settings.HasLocal(ECHO) || _settings.HasLocal(ECHONL))
                EchoRaw(c);
            Finish((ushort)(c | EndOfLine));
            return true;
        }
        if (Is(c, VEOF))
        {
            Finish(EndOfFile);
            return true;
        }
        if (Is(c, VEOL) || (extended && Is(c, VEOL2)))
        {
            if (_settings.HasLocal(ECHO))
                Echo(c);
            Finish((ushort)(c | EndOfLine));
            return true;
        }
        return false;
    }

    private void EchoAndAdd(byte c)
    {
        if (_settings.HasLocal(ECHO))
        {
            if (c == '\n')
                EchoRaw(c);
            else
                Echo(c);
        }
        Add(c);
    }

    private void Add(byte c)
    {
        // The last place is for the end of the line.
        if (_input.Count < InputCapacity - 1)
            _input.Add(c);
    }

    private void Finish(ushort end)
    {
        _input.Add(end);
        _finished = _input.Count;
    }

    /// <summary>Takes back a character, a word or the line, and shows it (eraser).</summary>
    private void Erase(byte c)
    {
        if (_input.Count == _finished)
            return;
        bool kills = Is(c, VKILL), word = !kills && !Is(c, VERASE);
        bool echoes = _settings.HasLocal(ECHO);
        if (kills && (!echoes || !_settings.HasLocal(ECHOK) || !_settings.HasLocal(ECHOKE) || !_settings.HasLocal(ECHOE)))
        {
            _input.RemoveRange(_finished, _input.Count - _finished);
            if (echoes)
            {
                Echo(c);
                if (_settings.HasLocal(ECHOK))
                    EchoRaw((byte)'\n');
            }
            return;
        }
        bool seenWord = false;
        while (_input.Count > _finished)
        {
            int last = _input.Count - 1;
            while (_settings.HasInput(IUTF8) && last > _finished && (_input[last] & 0xC0) == 0x80)
                last--;
            byte gone = (byte)_input[last];
            bool isWord = char.IsAsciiLetterOrDigit((char)gone) || gone == '_' || gone >= 0x80;
            if (word && seenWord && !isWord)
                break;
            seenWord |= isWord;
            _input.RemoveRange(last, _input.Count - last);
            if (echoes)
                EchoErased(c, gone);
            if (!kills && !word)
                break;
        }
    }

    private void EchoErased(byte c, byte gone)
    {
        if (!_settings.HasLocal(ECHOE))
        {
            Echo(c);
            return;
        }
        if (gone == '\t')
        {
            int column = 0;
            for (int i = _finished; i < _input.Count; i++)
                column += (byte)_input[i] == '\t' ? 8 - (column & 7) : IsControl((byte)_input[i]) && _settings.HasLocal(ECHOCTL) ? 2 : 1;
            for (int i = 8 - (column & 7); i > 0; i--)
                EchoRaw((byte)'\b');
            return;
        }
        int width = IsControl(gone) ? _settings.HasLocal(ECHOCTL) ? 2 : 0 : 1;
        for (; width > 0; width--)
        {
            EchoRaw((byte)'\b');
            EchoRaw((byte)' ');
            EchoRaw((byte)'\b');
        }
    }

    private void Echo(byte c)
    {
        if (_settings.HasLocal(ECHOCTL) && IsControl(c) && c != '\t')
        {
            EchoRaw((byte)'^');
            EchoRaw((byte)(c ^ 0x40));
        }
        else
        {
            EchoRaw(c);
        }
    }

    /// <summary>An echo finds room beyond the slave's; what a master that never reads would pile up is dropped.</summary>
    private void EchoRaw(byte c)
    {
        if (_output.Count < OutputCapacity * 2)
            Put(c);
    }

    private bool Is(byte c, int index) => c != 0 && _settings.c_cc[index] == c;

    private static bool IsControl(byte c) => c is < 0x20 or 0x7F;

    private sealed class WakeUp(Terminal terminal) : QueuedTimer
    {
        public override void Expire() => terminal._queue.Wake();
    }
}
