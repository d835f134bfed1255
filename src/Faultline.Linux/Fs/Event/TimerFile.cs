using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Kernel.Timers;
using Faultline.Linux.Syscalls;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>A timer to wait for (timerfd_create(2), fs/timerfd.c). All times in nanoseconds of its clock.</summary>
/// <param name="kernel">Its clocks and timer queue.</param>
/// <param name="clock">CLOCK_ number.</param>
/// <param name="flags">O_NONBLOCK or 0.</param>
/// <param name="userId">Owner shown by fstat.</param>
/// <param name="groupId">Group shown by fstat.</param>
internal sealed class TimerFile(LinuxKernel kernel, int clock, int flags, uint userId, uint groupId) : OpenFile(flags | OpenFlags.O_RDWR)
{
    private readonly Lock _lock = new();
    private readonly WaitQueue _queue = new();
    private readonly ulong _inode = AnonymousFile.NextInode();
    private Alarm? _alarm;
    private long _due;
    private long _interval;
    private bool _isArmed;
    private ulong _expirations;

    /// <summary>The clock's number.</summary>
    public int Clock => clock;

    /// <inheritdoc/>
    public override string Path => "anon_inode:[timerfd]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => _queue.Version;

    private long Now => TimeCalls.TryRead(kernel.Host.Clock, clock, out long now) ? now : 0;

    /// <summary>Arms the timer; a value of 0 disarms it. Expirations not yet read are forgotten.</summary>
    public void Set(long value, long interval, bool isAbsolute)
    {
        lock (_lock)
        {
            _isArmed = value != 0;
            _due = isAbsolute ? value : TimedSleep.Add(Now, value);
            _interval = interval;
            _expirations = 0;
            Schedule();
        }
        // Those who wait look again: an absolute time may have passed already.
        _queue.Wake();
    }

    /// <summary>Time left, at least 1 while armed, and the interval.</summary>
    public (long Value, long Interval) Get()
    {
        lock (_lock)
        {
            Advance();
            return (_isArmed ? Math.Max(_due - Now, 1) : 0, _interval);
        }
    }

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        if (buffer.Length < sizeof(ulong))
            return -Errno.EINVAL;
        lock (_lock)
        {
            Advance();
            if (_expirations == 0)
                return -Errno.EAGAIN;
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, _expirations);
            _expirations = 0;
            Schedule();
            return sizeof(ulong);
        }
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.StatusOf(_inode, userId, groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.ANON_INODE_FS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(_queue);
        lock (_lock)
        {
            Advance();
            return _expirations > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.None;
        }
    }

    /// <inheritdoc/>
    protected override void OnClose()
    {
        lock (_lock)
        {
            _isArmed = false;
            Schedule();
        }
    }

    /// <summary>Counts the expirations up to now.</summary>
    private void Advance()
    {
        if (!_isArmed)
            return;
        long late = Now - _due;
        if (late < 0)
            return;
        if (_interval == 0)
        {
            _expirations++;
            _isArmed = false;
            return;
        }
        long count = (late / _interval) + 1;
        _expirations += (ulong)count;
        _due += count * _interval;
    }

    private void Schedule()
    {
        if (!_isArmed)
        {
            if (_alarm is not null)
                kernel.Timers.Cancel(_alarm);
            return;
        }
        _alarm ??= new Alarm(this);
        kernel.Timers.Set(_alarm, TimedSleep.Add(kernel.Host.Clock.Monotonic, Math.Max(_due - Now, 0)));
    }

    private void Expire()
    {
        lock (_lock)
        {
            if (!_isArmed)
                return;
            ulong before = _expirations;
            Advance();
            // Early when the real-time clock was set back. A repeating timer whose expirations nobody reads needs no more wakes than one, but
            // an edge-triggered watcher is told of each.
            if (_isArmed)
                Schedule();
            if (_expirations == before)
                return;
        }
        _queue.Wake();
    }

    private sealed class Alarm(TimerFile file) : QueuedTimer
    {
        public override void Expire() => file.Expire();
    }
}
