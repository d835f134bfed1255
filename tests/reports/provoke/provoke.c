// SPDX-License-Identifier: GPL-2.0 OR MIT
// A kernel module that fails in a chosen way: `echo NAME > /proc/provoke`.
// Each way is a function of its own, so that the report names it. For throw-away virtual machines only.

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#define WAY static noinline void

// A structure whose late members have offsets that a report shows as small addresses.
struct vessel {
	struct list_head link;
	char name[32];
	u64 cargo[96];
	struct vessel *tow;
	void (*launch)(struct vessel *);
};

static struct vessel *volatile shared_vessel;
static volatile u64 sink;
static volatile int zero;

WAY provoke_null_read(void) { shared_vessel = NULL; sink = shared_vessel->cargo[90]; }
WAY provoke_null_write(void) { shared_vessel = NULL; shared_vessel->tow = (struct vessel *)1; }
WAY provoke_null_exec(void) { void (*volatile go)(void) = NULL; go(); }
WAY provoke_gp(void) { u64 *volatile p = (u64 *)0x1122334455667788ul; sink = *p; }
WAY provoke_divide(void) { sink = 100 / zero; }
WAY provoke_bug(void) { BUG_ON(zero == 0); }
WAY provoke_warn(void) { WARN(1, "provoked: cargo of %d exceeds %d\n", 42, 7); }
WAY provoke_warn_once(void) { WARN_ON_ONCE(zero == 0); }
WAY provoke_panic(void) { panic("provoked: no %s left", "rudder"); }
WAY provoke_invalid_opcode(void) { asm volatile("ud2"); }
WAY provoke_int3(void) { asm volatile("int3"); }

WAY provoke_bad_page(void) { u64 *volatile p = (u64 *)0xffffffffff000123ul; *p = 1; }

// In the middle of `mov eax, 0xfffeff0f`: the byte after the first decodes as an undefined instruction.
WAY provoke_mid_instruction(void)
{
	asm volatile("lea 1f+1(%%rip), %%rax\n\tpush %%rax\n\tjmp *(%%rsp)\n1:\t.byte 0xb8, 0x0f, 0xff, 0xfe, 0xff\n\tpop %%rax"
		     : : : "rax", "memory");
}

WAY provoke_write_text(void) { *(volatile u8 *)&provoke_warn = 0x90; }

WAY provoke_exec_data(void)
{
	void (*volatile go)(void) = (void (*)(void))&shared_vessel;
	go();
}

// Dereferences a user address outside the copy functions: SMAP.
WAY provoke_user_read(void) { sink = *(volatile u64 *)0x400000ul; }
WAY provoke_user_exec(void) { void (*volatile go)(void) = (void (*)(void))0x401000ul; go(); }

static struct vessel *new_vessel(void)
{
	struct vessel *v = kzalloc(sizeof(*v), GFP_KERNEL);

	if (v) {
		INIT_LIST_HEAD(&v->link);
		strscpy(v->name, "Mary Celeste", sizeof(v->name));
		v->tow = v;
	}
	return v;
}

WAY provoke_double_free(void)
{
	struct vessel *volatile v = new_vessel();

	kfree(v);
	kfree(v);
}

WAY provoke_use_after_free(void)
{
	struct vessel *volatile v = new_vessel();

	kfree(v);
	sink = v->tow->cargo[1];
}

// Writes to a freed object, then takes objects until the allocator looks at it.
WAY provoke_write_after_free(void)
{
	struct vessel *volatile v = new_vessel();
	void *all[64];
	int i;

	kfree(v);
	strscpy(v->name, "flying dutchman", sizeof(v->name));
	v->cargo[3] = 0x1234;
	for (i = 0; i < 64; i++)
		all[i] = new_vessel();
	for (i = 0; i < 64; i++)
		kfree(all[i]);
}

WAY provoke_red_zone(void)
{
	char *volatile p = kmalloc(64, GFP_KERNEL);

	memset(p + 64, 'Z', 6);
	kfree(p);
}

WAY provoke_kfence(void)
{
	int i;

	for (i = 0; i < 60; i++) {
		char *volatile p = kmalloc(32, GFP_KERNEL);

		kfree(p);
		sink = p[4];
		msleep(10);
	}
}

// Writes text into freed pages: what page poisoning finds when they are handed out again.
WAY provoke_page_poison(void)
{
	char *volatile p[4];
	int i;

	for (i = 0; i < 4; i++)
		p[i] = (char *)__get_free_page(GFP_KERNEL);
	for (i = 0; i < 4; i++)
		free_page((unsigned long)p[i]);
	for (i = 0; i < 4; i++)
		strcpy(p[i] + 0x128, "Refused: too many logins\r\n");
	for (i = 0; i < 4096; i++)
		if (!__get_free_page(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY))
			break;
}

WAY provoke_list_add(void)
{
	LIST_HEAD(head);
	struct vessel *volatile a = new_vessel(), *volatile b = new_vessel();

	list_add(&a->link, &head);
	a->link.prev = (struct list_head *)0x10;
	head.next->prev = &b->link;
	list_add(&b->link, &head);
}

WAY provoke_list_del_twice(void)
{
	LIST_HEAD(head);
	struct vessel *volatile a = new_vessel();

	list_add(&a->link, &head);
	list_del(&a->link);
	list_del(&a->link);
}

WAY provoke_refcount(void)
{
	refcount_t r = REFCOUNT_INIT(0);

	refcount_inc(&r);
	sink = refcount_read(&r);
}

static noinline int deeper(volatile int depth)
{
	volatile char room[256];

	room[0] = (char)depth;
	return deeper(depth + 1) + room[0];
}

WAY provoke_stack_overflow(void) { sink = deeper(0); }

WAY provoke_double_fault(void) { asm volatile("mov $0x10, %%rsp\n\tpush %%rax" : : : "memory"); }

WAY provoke_stack_smash(void)
{
	char room[16];
	volatile int i, n = 64;
	volatile char *p = room;

	for (i = 0; i < n; i++)
		p[i] = 'A';
	sink = room[3];
}

WAY provoke_usercopy(void)
{
	char *p = kmalloc(64, GFP_KERNEL);
	volatile unsigned long n = 4096;

	sink = copy_to_user((void __user *)current->mm->start_stack, p, n);
}

WAY provoke_soft_lockup(void)
{
	unsigned long end = jiffies + 14 * HZ;

	preempt_disable();
	while (time_before(jiffies, end))
		cpu_relax();
	preempt_enable();
}

WAY provoke_rcu_stall(void)
{
	unsigned long end = jiffies + 14 * HZ;

	rcu_read_lock();
	preempt_disable();
	while (time_before(jiffies, end))
		cpu_relax();
	preempt_enable();
	rcu_read_unlock();
}

static DECLARE_COMPLETION(never);

WAY provoke_hung_task(void) { wait_for_completion(&never); }

WAY provoke_atomic_sleep(void)
{
	preempt_disable();
	msleep(1);
	preempt_enable();
}

static void fail_in_work(struct work_struct *work) { provoke_null_write(); }
static DECLARE_WORK(bad_work, fail_in_work);

WAY provoke_work(void)
{
	schedule_work(&bad_work);
	flush_work(&bad_work);
}

static void fail_in_interrupt(void *unused) { provoke_null_read(); }

WAY provoke_interrupt(void) { on_each_cpu(fail_in_interrupt, NULL, 1); }

static int talk(void *unused)
{
	int i;

	for (i = 0; i < 12; i++) {
		WARN(1, "provoked: thread %d on cpu %d\n", i, raw_smp_processor_id());
		cpu_relax();
	}
	return 0;
}

// A warning on every processor at once: their lines mix on the console.
WAY provoke_chorus(void)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *t = kthread_create(talk, NULL, "chorus/%d", cpu);

		if (!IS_ERR(t)) {
			kthread_bind(t, cpu);
			wake_up_process(t);
		}
	}
	msleep(3000);
}

#define ENTRY(name) { #name, provoke_##name }

static const struct {
	const char *name;
	void (*go)(void);
} ways[] = {
	ENTRY(null_read), ENTRY(null_write), ENTRY(null_exec), ENTRY(gp), ENTRY(divide), ENTRY(bug), ENTRY(warn),
	ENTRY(warn_once), ENTRY(panic), ENTRY(invalid_opcode), ENTRY(int3), ENTRY(bad_page), ENTRY(mid_instruction),
	ENTRY(write_text), ENTRY(exec_data), ENTRY(user_read), ENTRY(user_exec), ENTRY(double_free),
	ENTRY(use_after_free), ENTRY(write_after_free), ENTRY(red_zone), ENTRY(kfence), ENTRY(page_poison),
	ENTRY(list_add), ENTRY(list_del_twice), ENTRY(refcount), ENTRY(stack_overflow),
	ENTRY(double_fault), ENTRY(stack_smash), ENTRY(usercopy), ENTRY(soft_lockup), ENTRY(rcu_stall),
	ENTRY(hung_task), ENTRY(atomic_sleep), ENTRY(work), ENTRY(interrupt), ENTRY(chorus),
};

static ssize_t provoke_write(struct file *file, const char __user *text, size_t length, loff_t *offset)
{
	char name[32] = {};
	size_t i;

	if (length >= sizeof(name) || copy_from_user(name, text, length))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (sysfs_streq(name, ways[i].name)) {
			ways[i].go();
			return length;
		}
	}
	return -ENOENT;
}

static const struct proc_ops operations = { .proc_write = provoke_write };

static int __init provoke_init(void)
{
	return proc_create("provoke", 0200, NULL, &operations) ? 0 : -ENOMEM;
}

module_init(provoke_init);
MODULE_DESCRIPTION("Fails in a chosen way");
MODULE_LICENSE("Dual MIT/GPL");
