using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.Termios;

namespace Faultline.Linux.Fs.Pty;

/// <summary>
/// A pseudo-terminal (pty(7), drivers/tty/pty.c) with its line discipline (drivers/tty/n_tty.c): what the master writes is input of the slave, edited and echoed;
/// what the slave writes is processed and read by the master.
/// </summary>
/// <remarks>One lock guards all of it. Signals are sent without it; wait queues are rung with or without it.</remarks>
internal sealed partial class Terminal
{
    /// <summary>Bytes of input that are kept (N_TTY_BUF_SIZE), one of which a line's end always finds.</summary>
    private const int InputCapacity = 4096;

    /// <summary>Bytes of output that are kept for the master (tty_buffer_set_limit in pty.c).</summary>
    private const int OutputCapacity = 8192;

    /// <summary>Packet mode's first byte: what happened since.</summary>
    public const byte TIOCPKT_FLUSHREAD = 1, TIOCPKT_FLUSHWRITE = 2, TIOCPKT_STOP = 4, TIOCPKT_START = 8, TIOCPKT_NOSTOP = 16, TIOCPKT_DOSTOP = 32, TIOCPKT_IOCTL = 64;

    private readonly Queue<byte> _output = new();
    private readonly WaitQueue _queue = new();
    private Termios _settings = Standard;
    private int _column;
    private int _slaves;
    private bool _slaveWasOpen;
    private bool _stopped;
    private byte _packetStatus;
    private bool _isPacketMode;

    /// <summary>Makes one; the master is open.</summary>
    public Terminal(TerminalTable table, int number)
    {
        (Table, Number) = (table, number);
        IsMasterOpen = true;
    }

    /// <summary>All terminals.</summary>
    public TerminalTable Table { get; }

    /// <summary>The slave's name below /dev/pts.</summary>
    public int Number { get; }

    /// <summary>The kernel.</summary>
    public LinuxKernel Kernel => Table.Kernel;

    /// <summary>Guards everything here.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Rings when anything changes.</summary>
    public WaitQueue Queue => _queue;

    /// <summary>The master has not been closed.</summary>
    public bool IsMasterOpen { get; private set; }

    /// <summary>The slave cannot be opened yet (TIOCSPTLCK); so from the start.</summary>
    public bool IsLocked { get; set; } = true;

    /// <summary>Nobody but root may open it again (TIOCEXCL).</summary>
    public bool IsExclusive { get; set; }

    /// <summary>The session it controls; 0 for none. Guarded by the table.</summary>
    public int Session { get; set; }

    /// <summary>The group that may read; 0 for none. Guarded by the table.</summary>
    public int ForegroundGroup { get; set; }

    /// <summary>struct winsize.</summary>
    public ulong WindowSize { get; private set; }

    /// <summary>The master reads packets (TIOCPKT); what happened before is not told.</summary>
    public bool IsPacketMode
    {
        get => _isPacketMode;
        set
        {
            lock (Lock)
            {
                if (value && !_isPacketMode)
                    _packetStatus = 0;
                _isPacketMode = value;
            }
        }
    }

    /// <summary>The settings.</summary>
    public Termios Settings
    {
        get
        {
            lock (Lock)
                return _settings;
        }
    }

    /// <summary>The settings, and perhaps forgetting of input (TCSETSF).</summary>
    public void Apply(in Termios wanted, bool flushesInput)
    {
        lock (Lock)
        {
            Termios old = _settings;
            _settings = wanted;
            if (flushesInput)
                ClearInput();
            if (old.HasLocal(ICANON) && !wanted.HasLocal(ICANON))
                OpenLine();
            if (!wanted.HasInput(IXON))
                _stopped = false;
            bool stops = wanted.HasInput(IXON) && wanted.c_cc[VSTOP] == 0x13 && wanted.c_cc[VSTART] == 0x11;
            bool stopped = old.HasInput(IXON) && old.c_cc[VSTOP] == 0x13 && old.c_cc[VSTART] == 0x11;
            if (stops != stopped)
                _packetStatus = (byte)((_packetStatus & ~(TIOCPKT_DOSTOP | TIOCPKT_NOSTOP)) | (stops ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP));
            if (wanted.HasLocal(EXTPROC) || old.HasLocal(EXTPROC))
                _packetStatus |= TIOCPKT_IOCTL;
        }
        _queue.Wake();
    }

    /// <summary>Changes the size; false when it is what it was.</summary>
    public bool Resize(ulong size)
    {
        lock (Lock)
        {
            if (WindowSize == size)
                return false;
            WindowSize = size;
            return true;
        }
    }

    /// <summary>A slave is opened: 0, -EIO when it is locked or the master is gone, -EBUSY.</summary>
    public int OpenSlave(bool isPrivileged)
    {
        lock (Lock)
        {
            if (IsLocked || !IsMasterOpen)
                return -Errno.EIO;
            if (IsExclusive && !isPrivileged)
                return -Errno.EBUSY;
            _slaves++;
            _slaveWasOpen = true;
        }
        _queue.Wake();
        return 0;
    }

    /// <summary>A slave is closed.</summary>
    public void CloseSlave()
    {
        lock (Lock)
            _slaves--;
        _queue.Wake();
    }

    /// <summary>The master is closed: the terminal hangs up.</summary>
    public void CloseMaster()
    {
        lock (Lock)
            IsMasterOpen = false;
        _queue.Wake();
        Table.HangUp(this);
    }

    /// <summary>The master reads: output of the slave; -EIO when it has been closed by all.</summary>
    public long ReadMaster(Span<byte> buffer)
    {
        int done = 0;
        lock (Lock)
        {
            if (buffer.IsEmpty)
                return 0;
            if (IsPacketMode)
            {
                if (_packetStatus != 0)
                {
                    buffer[0] = _packetStatus;
                    _packetStatus = 0;
                    return 1;
                }
                if (_output.Count > 0)
                    buffer[done++] = 0;
            }
            bool any = _output.Count > 0;
            while (done < buffer.Length && _output.TryDequeue(out byte next))
                buffer[done++] = next;
            if (!any)
                return _slaveWasOpen && _slaves == 0 ? -Errno.EIO : -Errno.EAGAIN;
        }
        _queue.Wake();
        return done;
    }

    /// <summary>The slave writes: as much as there is room for; -EIO when the master is gone.</summary>
    public long WriteSlave(ReadOnlySpan<byte> buffer)
    {
        int done = 0;
        lock (Lock)
        {
            if (!IsMasterOpen)
                return -Errno.EIO;
            while (done < buffer.Length && !_stopped && _output.Count < OutputCapacity)
                Put(buffer[done++]);
        }
        if (done == 0 && !buffer.IsEmpty)
            return -Errno.EAGAIN;
        _queue.Wake();
        return done;
    }

    /// <summary>Bytes the master can read.</summary>
    public int OutputCount
    {
        get
        {
            lock (Lock)
                return _output.Count;
        }
    }

    /// <summary>Stops or continues output (TCXONC, ^S and ^Q).</summary>
    public void SetStopped(bool stopped)
    {
        lock (Lock)
            SetStoppedLocked(stopped);
        _queue.Wake();
    }

    /// <summary>Forgets input, output or both (TCFLSH).</summary>
    public void Flush(bool input, bool output)
    {
        lock (Lock)
        {
            if (input)
            {
                ClearInput();
                _packetStatus |= TIOCPKT_FLUSHREAD;
            }
            if (output)
            {
                _output.Clear();
                _packetStatus |= TIOCPKT_FLUSHWRITE;
            }
        }
        _queue.Wake();
    }

    /// <summary>What poll reports at the master.</summary>
    public PollEvents PollMaster()
    {
        lock (Lock)
        {
            PollEvents events = PollEvents.None;
            if (_output.Count > 0)
                events |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
            if (IsPacketMode && _packetStatus != 0)
                events |= PollEvents.POLLPRI | PollEvents.POLLIN | PollEvents.POLLRDNORM;
            if (_slaveWasOpen && _slaves == 0)
                events |= PollEvents.POLLHUP;
            return HasInputRoom ? events | PollEvents.POLLOUT | PollEvents.POLLWRNORM : events;
        }
    }

    /// <summary>What poll reports at a slave.</summary>
    public PollEvents PollSlave()
    {
        lock (Lock)
        {
            if (!IsMasterOpen)
                return PollEvents.AlwaysReady | PollEvents.POLLERR | PollEvents.POLLHUP;
            PollEvents events = PollEvents.None;
            int least = !_settings.HasLocal(ICANON) && _settings.c_cc[VTIME] == 0 ? Math.Max(_settings.c_cc[VMIN], (byte)1) : 1;
            if (Readable >= least)
                events |= PollEvents.POLLIN | PollEvents.POLLRDNORM;
            return !_stopped && _output.Count < OutputCapacity ? events | PollEvents.POLLOUT | PollEvents.POLLWRNORM : events;
        }
    }

    private void SetStoppedLocked(bool stopped)
    {
        if (_stopped == stopped)
            return;
        _stopped = stopped;
        _packetStatus = (byte)((_packetStatus & ~(TIOCPKT_STOP | TIOCPKT_START)) | (stopped ? TIOCPKT_STOP : TIOCPKT_START));
    }

    /// <summary>A byte of output through OPOST (do_output_char).</summary>
    private void Put(byte c)
    {
        if (!_settings.HasOutput(OPOST))
        {
            _output.Enqueue(c);
            return;
        }
        switch (c)
        {
            case (byte)'\n':
                if (_settings.HasOutput(ONLRET))
                    _column = 0;
                if (_settings.HasOutput(ONLCR))
                {
                    _output.Enqueue((byte)'\r');
                    _column = 0;
                }
                break;
            case (byte)'\r':
                if (_settings.HasOutput(ONOCR) && _column == 0)
                    return;
                if (_settings.HasOutput(OCRNL))
                    c = (byte)'\n';
                _column = 0;
                break;
            case (byte)'\t':
                int spaces = 8 - (_column & 7);
                _column += spaces;
                if ((_settings.c_oflag & TABDLY) == TABDLY)
                {
                    for (; spaces > 0; spaces--)
                        _output.Enqueue((byte)' ');
                    return;
                }
                break;
            case (byte)'\b':
                _column = Math.Max(_column - 1, 0);
                break;
            default:
                if (_settings.HasOutput(OLCUC) && c is >= (byte)'a' and <= (byte)'z')
                    c -= 0x20;
                bool continues = _settings.HasInput(IUTF8) && (c & 0xC0) == 0x80;
                if (c >= 0x20 && c != 0x7F && !continues)
                    _column++;
                break;
        }
        _output.Enqueue(c);
    }
}
