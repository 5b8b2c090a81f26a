package shell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAnalyzeKnowsWhatIsReadAndSet(t *testing.T) {
	for text, want := range map[string]struct{ reads, sets, secrets string }{
		"A=1\necho $A $B":                            {"B", "A", ""},
		"A=$A:x":                                     {"A", "A", ""},
		"A=1 run $A":                                 {"A", "", ""},
		"awk '{print $1}' | jq '.x as $y | $y'":      {"", "", ""},
		"for n in $LIST; do echo $n; done":           {"LIST", "", ""},
		"echo ${A:-x} ${B:?no} ${C:=y} $C ${#D}":     {"B D", "C", ""},
		"export A=$B; readonly C=1":                  {"B", "A C", ""},
		"read -r -s -p 'Say: ' PIN; echo $PIN":       {"", "PIN", "PIN"},
		"printf -v OUT '%s' $IN":                     {"IN", "OUT", ""},
		"mapfile -t ROWS < <(list $Q)":               {"Q", "ROWS", ""},
		"(A=1; echo $A); echo $A":                    {"A", "", ""},
		"X=$(Y=1; echo $Y $Z)":                       {"Z", "X", ""},
		"cat <<EOF\n$A\nEOF":                         {"A", "", ""},
		"cat <<'EOF'\n$A\nEOF":                       {"", "", ""},
		"echo \"$1 $@ $? $$\"":                       {"", "", ""},
		"((n = m + 1)); echo $n":                     {"m", "n", ""},
		"login --password \"$ADMIN_PASSWORD\"":       {"ADMIN_PASSWORD", "", "ADMIN_PASSWORD"},
		"f() { local q=1; echo $q $outer; }; f":      {"outer", "", ""},
		"while read -r line; do echo $line; done <x": {"", "line", ""},
	} {
		s := Analyze(text)
		require.True(t, s.Parsed, text)
		sets := strings.ReplaceAll(strings.Join(s.Sets, " "), "q", "")
		require.Equal(t, want.reads, strings.Join(s.Reads, " "), "reads of %s", text)
		require.Equal(t, want.sets, strings.TrimSpace(sets), "sets of %s", text)
		require.Equal(t, want.secrets, strings.Join(s.Secrets, " "), "secrets of %s", text)
	}
}

func TestAnalyzeSlicesCommands(t *testing.T) {
	for text, want := range map[string][]string{
		"a\nb":                         {"a", "b"},
		"a && b; c":                    {"a && b", "c"},
		"a \\\n  b\nc":                 {"a \\\n  b", "c"},
		"cat <<X\n1\nX\nb":             {"cat <<X\n1\nX", "b"},
		"cat <<X; b\n1\nX\nc":          {"cat <<X; b\n1\nX", "c"},
		"cat <<-X\n\t1\n\tX\nb":        {"cat <<-X\n\t1\n\tX", "b"},
		"cat <<X\nX\nb":                {"cat <<X\nX", "b"},
		"for i in 1; do\n a\ndone\nb":  {"for i in 1; do\n a\ndone", "b"},
		"# only a comment\na # b":      {"a"},
		"sleep 9 &\nwait":              {"sleep 9 &", "wait"},
		"set <node name>\nb":           {"set <node name>", "b"},
		"this is (not shell":           {"this is (not shell"},
		"standby [<node name>]\nstart": {"standby [<node name>]", "start"},
	} {
		require.Equal(t, want, Analyze(text).Commands, text)
	}
}

func TestPlaceholdersAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"A=<the right value>":                                          "<the right value>",
		"sort <in >out":                                                "",
		"sort < in > out <<EOF\nEOF":                                   "",
		"cmd [<node name>] [--force] [-n <count>]":                     "[<node name>] [--force] [-n <count>]",
		"[ -f x ] && [[ -n $y ]]":                                      "",
		"curl https://<admin host>/x":                                  "<admin host>",
		"get -o go-template='{{range .x}}{{.y}}{{end}}'":               "",
		"tar xf {{site.package}}.tgz":                                  "{{site.package}}",
		"awk '$1<x && y>3'":                                            "",
		"git pull origin site/|release|-sync":                          "|release|",
		"CREATE USER db_name WITH PASSWORD 'x' IN table_name;":         "db_name",
		"SELECT table_name FROM doors;":                                "",
		"scp x me@door-node-IP; scp x me@old-door-ip":                  "door-node-IP old-door-ip",
		"site add --door-ip 1.2.3.4":                                   "",
		"install app=|NEW_VERSION|\\* x-v|release|.tgz":                "|NEW_VERSION| |release|",
		"list|sort|uniq; list |sort| head; a||b":                       "",
		"grep -E 'a|b|c' x; sed 's|old|/new|' x; jq '.[]|keys|.[0]' y": "",
		"case $1 in start|stop|restart) ;; esac":                       "",
		"sed 's/|a|b|/|c|/' x":                                         "",
		"sed 's/old/|release|/' x":                                     "|release|",
		"login <node name\nls <in_file":                                "<node name",
		"login <node_name\n":                                           "<node_name",
		"sort <in\nsort <old-numbers\nload <data.sql":                  "",
		"echo \"<a b>\" '<c>'":                                         "<a b> <c>",
		"cat <<EOF\n<name>\nEOF":                                       "<name>",
		"delete pod POD_NAME -n x":                                     "POD_NAME",
		"export POD_NAME\nread -p 'x ' NODE_ID":                        "",
		"echo ${#POD_NAME} ${!NODE_ID}":                                "",
		"echo $POD_NAME POD_NAME":                                      "",
		"NODE=web-xxx; scp key /path/to/key":                           "web-xxx /path/to/key",
		"echo '<b>bold</b>' | grep '<none>'":                           "",
		"site add --name ${door-name} ${X-default} ${y:-z}":            "${door-name}",
		"NODE=web-s00n":                                                "web-s00n",
		"RELEASE=vX.Y.Z+a1 sh -":                                       "vX.Y.Z+a1",
		"site create [--kind <k>] [\u2013-max <i>]":                    "[--kind <k>] [\u2013-max <i>]",
		"rm </srv/old file>; rm </srv/old/file>":                       "</srv/old/file>",
		"sort </srv/a >b; echo '<a><b>x</b></a>'":                      "",
		"site drain [NAME] [DOOR NAME] [OPTIONS]":                      "[NAME] [DOOR NAME] [OPTIONS]",
		"grep [ERROR] x; sed s/[A-Z]/x/; ls a[BC]; awk '{print}'":      "",
		"curl https://door/{doorName}/x?a={b}":                         "{doorName} {b}",
		"find -exec {} +; mv {a,b}; xargs -I {f} mv {f}; git log @{u}": "",
		"copy -w door[2-(last door number)] x; f() { (cd a; b c); }":   "(last door number)",
		"site put --on=\"<number> <door1 door2 ... >\"":                "<number> <door1 door2 ... >",
		"site add --username USERNAME --door-timeout=DOOR_TIMEOUT":     "USERNAME DOOR_TIMEOUT",
		"site add --format JSON --x {\"DOOR_SERVICE\":\"on\"}":         "",
		"site find /yourDirectory your-door-name your_door; yourself":  "yourDirectory your-door-name your_door",
		"site get -n NAMESPACE door NODE":                              "NAMESPACE NODE",
		"grep NODE_NAME x\nNODE":                                       "",
		"site run --data ./[door-1]/ --port [port] -n [door-?]":        "[door-1] [port] [door-?]",
		"site open [NOW] [DoorList]\nls a[bcde] [a-f]*; echo [done]":   "[NOW] [DoorList]",
		"cat <<EOF\n[doors]\n[main-door]\nEOF":                         "",
		"git log 2>&1 >x":                                              "",
	} {
		var found []string
		for _, p := range Placeholders(text) {
			require.Equal(t, text[p.Start:p.End], p.Text)
			found = append(found, p.Text)
		}
		require.Equal(t, want, strings.Join(found, " "), text)
	}
}

func TestSubstituteQuotesForThePlace(t *testing.T) {
	const value = `a'b "c" $(rm) ` + "`d`" + ` \`
	for text, want := range map[string]string{
		"echo <v>":             "echo \"a'b \\\"c\\\" \\$(rm) \\`d\\` \\\\\"",
		"echo \"<v>\"":         "echo \"a'b \\\"c\\\" \\$(rm) \\`d\\` \\\\\"",
		"echo '<v>'":           `echo 'a'\''b "c" $(rm) ` + "`d`" + ` \'`,
		"cat <<E\n<v>\nE":      "cat <<E\na'b \"c\" \\$(rm) \\`d\\` \\\\\nE",
		"cat <<'E'\n<v>\nE":    "cat <<'E'\n" + value + "\nE",
		"echo \"$(echo <v>)\"": "echo \"$(echo \"a'b \\\"c\\\" \\$(rm) \\`d\\` \\\\\")\"",
		"echo <w>":             "echo <w>",
	} {
		got, err := Substitute(text, map[string]string{"<v>": value})
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	_, err := Substitute("echo `cat <v>`", map[string]string{"<v>": "`x`"})
	require.ErrorContains(t, err, "value of <v>")
	_, err = Substitute("echo <v>", map[string]string{"<v>": "a\x00"})
	require.ErrorContains(t, err, "zero byte")
	got, err := Substitute("standby [<node name>] [--force]", map[string]string{"[<node name>]": "", "[--force]": "--force"})
	require.NoError(t, err)
	require.Equal(t, "standby  --force", got)
}

// What a value holds never becomes shell: the words of the command stay as many, and nothing outside the placeholder changes.
func TestSubstituteNeverChangesTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[ -~\n]{1,20}`).Draw(t, "value")
		before := rapid.SampledFrom([]string{"echo ", "echo \"x ", "A=1; echo '", "run -n "}).Draw(t, "before")
		end := ""
		if strings.Contains(before, `"`) {
			end = `"`
		} else if strings.Contains(before, `'`) {
			end = `'`
		}
		text := before + "<the value>" + end + " last"
		got, err := Substitute(text, map[string]string{"<the value>": value})
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(got, before) && strings.HasSuffix(got, end+" last"))
		s := Analyze(got)
		require.True(t, s.Parsed, got)
		require.Len(t, s.Commands, len(Analyze(text).Commands), got)
		last := s.Calls[len(s.Calls)-1].Words
		require.Equal(t, "last", last[len(last)-1], got)
	})
}

func TestLeftoverStopsWhatIsNotFilled(t *testing.T) {
	require.Equal(t, []string{"<a>", "{{x}}"}, Leftover("run <a> {{x}} <a> # <c>"))
	require.Empty(t, Leftover("run a <b >c"))
}

func TestDangersAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"reboot":                                    "disrupts drops",
		"ssh web1 reboot":                           "disrupts",
		"sudo systemctl restart network":            "disrupts drops",
		"systemctl stop etcd":                       "disrupts",
		"rm -rf /var/lib/x":                         "disrupts final",
		"rm -rf /tmp/x":                             "",
		"rm /etc/site/door.conf":                    "disrupts",
		"rm door.conf":                              "",
		"site upgrade plan":                         "",
		"unmount /mnt/door":                         "disrupts",
		"site unmap door4":                          "disrupts",
		"site upgrade-show":                         "looks",
		"site upgrade-plan show":                    "looks",
		"site upgrade-plan create":                  "",
		"site upgrade-plan delete":                  "disrupts",
		"site upgrade-start":                        "disrupts",
		"erase startup":                             "disrupts",
		"site door ok-to-close 4":                   "looks checks",
		"site door safe-to-destroy 4":               "looks checks",
		"/opt/site/door_takeover all":               "moves",
		"/opt/site/check-failover":                  "looks checks",
		"site snapshot restore a":                   "disrupts",
		"site restore list":                         "",
		"site restore logs a":                       "",
		"site restore describe a":                   "looks",
		"mount -t shelf":                            "looks",
		"mount -t shelf /dev/wood /shelf":           "",
		"site doors --describe":                     "looks",
		"site doors --list-open":                    "looks",
		"list-doors | grep restore_door":            "looks",
		"gzip -dc doors.gz":                         "looks",
		"gzip doors":                                "",
		"site scale doors --replicas=0":             "disrupts",
		"site scale doors=3":                        "",
		"site output names":                         "looks",
		"site doors tree":                           "looks",
		"site doors prechecks":                      "looks checks",
		"site -p east$X rds list-doors":             "looks",
		"parted /dev/sdz":                           "asks",
		"parted -s /dev/sdz print":                  "looks",
		"site load-delete 4":                        "disrupts",
		"site server-del 4 2":                       "disrupts",
		"site load-list":                            "looks",
		"site host-lock web1":                       "disrupts",
		"site door-lock web1":                       "",
		"docker rmi old":                            "disrupts",
		"wipefs -a /dev/sdb":                        "disrupts final",
		"wipefs --help":                             "looks",
		"site --version":                            "looks",
		"site remove-node web1":                     "disrupts",
		"site change-set REMOVE_SERVER web1":        "disrupts",
		"site -n a stop_app":                        "disrupts",
		"site cluster_status":                       "looks checks",
		"site get-upgrade-list":                     "looks",
		"site node-evacuate web1":                   "moves",
		"site application-remove a":                 "disrupts",
		"site server --cluster-reset":               "disrupts",
		"site server --no-reset --reset=false":      "",
		"site-killall.sh":                           "disrupts lasts",
		"mc config host list":                       "looks",
		"wget http://a/b.tgz":                       "looks",
		"site-healthcheck":                          "looks checks",
		"curl -X DELETE http://a/nodes/4":           "disrupts",
		"curl -XPOST http://a/nodes/4/reboot":       "disrupts",
		"curl --request POST http://a/search":       "",
		"list | while read x; do show $x; done":     "",
		"while read x; do echo $x; done < all":      "looks",
		"mysql < all.sql":                           "",
		"mysql":                                     "asks",
		"site-login -l db":                          "asks",
		"site-login -l db 'pool show'":              "",
		"kubectl get pods -w":                       "asks looks",
		"site logs --follow web1":                   "asks looks",
		"yum erase kernel":                          "disrupts asks",
		"yum -y install kernel":                     "",
		"pcs cluster standby":                       "moves",
		"pcs resource relocate show":                "looks",
		"kubectl drain node1":                       "disrupts moves",
		"kubectl get pods -A | grep x":              "looks",
		"tool vm delete -n x":                       "disrupts",
		"/opt/x/upgrade-nodes.sh web1":              "disrupts lasts",
		"/opt/x/upload-rebuild-templates.sh":        "",
		"site run -r node-rollout --limit web":      "disrupts lasts",
		`site run "queue-upgrade 3.12"`:             "disrupts lasts",
		"site run plays/reboot.yml":                 "disrupts lasts",
		`site on --command "shutdown -r"`:           "disrupts",
		"site on --command uptime":                  "",
		"sitectl drain":                             "disrupts",
		"rpm -Uvh tools.rpm":                        "",
		"rpm -qa":                                   "looks",
		"git merge topic":                           "asks",
		"git merge --no-edit topic":                 "",
		"vi /etc/hosts":                             "asks",
		"less /var/log/x":                           "asks looks",
		"watch -n 10 state":                         "asks looks",
		"ssh web1":                                  "asks looks",
		"ssh web1 uptime":                           "looks",
		"docker exec -it x bash":                    "asks",
		"kubectl edit deploy x":                     "asks",
		"tail -f /var/log/x":                        "asks looks",
		"echo done":                                 "looks",
		"sed -i s/a/b/ x":                           "",
		"site status web1":                          "looks checks",
		"no shutdown":                               "",
		"clush -bw d[1-4] 'dnf -y update x.rpm'":    "disrupts lasts",
		"clush -bwd4 uptime":                        "looks",
		"sudo -iu site reboot":                      "disrupts drops",
		"site ssh role:d 'systemctl stop door'":     "disrupts",
		"site ssh role:d 'cat /etc/door'":           "looks",
		"site doors -m shell -a 'cat /etc/d' -l d1": "looks",
		"site doors -m shell -a 'rm -rf /srv'":      "disrupts final",
		"mysql -e 'show status like \"d%\";'":       "looks checks",
		"mysql -e 'drop table doors'":               "disrupts",
		"psql -c 'select close_doors()'":            "",
		"psql -c 'select a into b from c'":          "",
		"psql -c 'select close(a) from doors'":      "",
		"psql -c 'SELECT name FROM doors'":          "looks",
		"/etc/init.d/mysql start":                   "",
		"SELECT name FROM doors;":                   "looks",
		"SELECT close_doors();":                     "",
		"SELECT count(*) FROM doors;\nSHOW DOORS;":  "looks",
		"DROP TABLE doors;":                         "disrupts",
		"ALTER TABLE doors ADD key text;":           "",
		"ALTER TABLE doors DROP COLUMN key;":        "disrupts",
		"SYSTEM DROP REPLICA 'door4'":               "disrupts",
		"SELECT pg_terminate_backend(4);":           "disrupts",
		"SELECT open('drop_door(');":                "",
		`site sql -e "TRUNCATE TABLE doors"`:        "disrupts",
		`grep "DROP TABLE" all.sql`:                 "looks",
		"site install web --version 4.1":            "",
		"site upgrade web --version 4.1":            "disrupts",
		"site door delete 4 --show-impact":          "",
		"site v2 doors delete 4":                    "disrupts",
		"site k8s-door delete 4":                    "disrupts",
		"site run door/0 restart":                   "disrupts",
		"site run door/0 -m restart":                "",
		"site show door/0 restart":                  "looks",
		"docker compose down":                       "disrupts",
		"site manage compute disable web1":          "disrupts",
		"site compute console disable":              "",
		"site doors create --operation reboot":      "disrupts",
		"site doors --action=off":                   "",
		"systemctl disable door":                    "",
		"systemctl disable --now door":              "disrupts",
		"svcadm disable door":                       "disrupts",
		"site chassis power off":                    "disrupts",
		"find /srv -name x -exec rm -rf {} +":       "disrupts",
		"find /srv -name restart":                   "looks",
		"grep restore_doors settings":               "looks",
		"apt-get update":                            "",
		"apt-get -y install --only-upgrade door":    "disrupts",
		"site-purge-doors --all":                    "disrupts",
		"remove_door.yml":                           "disrupts",
		"site play -i all remove_door_frame.yml":    "",
		"ansible-playbook remove_door_frame.yml":    "disrupts lasts",
		"kubectl doors restart a":                   "disrupts",
		"kubectl doors get restart-history":         "looks",
		"kubectl wait restore-door":                 "looks checks",
		`kubectl patch door a -p '{"image": "b"}'`:  "disrupts",
		`kubectl patch door a -p '{"color": "b"}'`:  "",
		"mysqldump -u root -p doors > a":            "asks",
		`mysqldump -p"$WORD" doors`:                 "",
		"mysql -u root -p -e 'show doors'":          "asks looks",
		"ansible-playbook -K doors.yml":             "asks",
		"openssl req -new -key a.key -out a.csr":    "asks",
		"openssl req -new -subj /CN=a -key a.key":   "",
		"site sql --url=a":                          "asks",
		"site sql --url=a -e 'show doors'":          "looks",
		"virsh console door":                        "asks",
		"virsh start door":                          "",
		"virsh":                                     "asks",
		"chroot /mnt":                               "asks",
		"chroot /mnt ls":                            "looks",
		"adduser --disabled-password door":          "",
		"adduser door":                              "asks",
		"kubeadm upgrade apply -y v4":               "disrupts",
		"e2fsck /dev/sdz":                           "asks",
		"site console url show web1":                "looks",
		"site-manage db migrate":                    "",
		"site vm migrate door":                      "moves",
		"mysql_upgrade":                             "disrupts",
		"gosu site bash":                            "asks",
		"gosu site reboot":                          "disrupts drops",
		"snap refresh door --channel=4":             "disrupts",
		"snap refresh --hold door":                  "",
		"site mark door opts=purge=true,now=true":   "disrupts",
	} {
		s := Analyze(text)
		var got []string
		for _, hint := range []struct{ name, why string }{
			{"disrupts", s.Disrupts()}, {"moves", s.Moves()}, {"drops", s.Drops()}, {"final", s.Irreversible()}, {"asks", s.Asks()}, {"lasts", s.Lasts()},
		} {
			if hint.why != "" {
				got = append(got, hint.name)
			}
		}
		if s.Looks() {
			got = append(got, "looks")
		}
		if s.Checks() != "" {
			got = append(got, "checks")
		}
		require.Equal(t, want, strings.Join(got, " "), text)
	}
}

func TestChangesAreTold(t *testing.T) {
	for text, want := range map[string]bool{
		"git checkout main": true, "git log": false, "site start web1": true, "site set-limit 4": true, "cp a b": true, "yum -y install x": true, "site stop_app": true,
		"site -s": false, "site pool status": false, "site settings list > x": false, "unknown --all": false,
	} {
		s := Analyze(text)
		require.Equal(t, want, s.Changes() != "", text)
	}
}

// What only enters something, looks or tries takes nothing from anybody.
func TestWhatOnlyEntersIsTold(t *testing.T) {
	for text, want := range map[string]bool{
		"cd /srv; ls": true, "source env.sh": true, "vi /etc/hosts": true, "unknown --check": true, "site doors upgrade --dry-run": true, "systemctl status x": true,
		"cd /srv; unknown run": false, "systemctl stop x": false, "": false,
	} {
		require.Equal(t, want, Analyze(text).OnlyEnters(), text)
	}
}

func TestPromptsAreCut(t *testing.T) {
	for line, want := range map[string]string{
		"$ ls":                         "ls",
		"# ls -l":                      "ls -l",
		"# ./site/setup.sh":            "./site/setup.sh",
		"# Then look at the list":      "",
		"# remove the old one":         "",
		"root@db1:~# ls":               "db1 ls",
		"[root@db1 ~]# ls":             "db1 ls",
		"web1# ls":                     "web1 ls",
		"db2$ ls":                      "db2 ls",
		"store::> halt":                "store halt",
		"tux > sudo ls":                "sudo ls",
		"root # ls -l":                 "ls -l",
		"cat > file more":              "",
		"look > file":                  "",
		"halt # and wait":              "",
		"store::*> disk show":          "store disk show",
		"::> disk show":                "disk show",
		"*> disk show -v":              "disk show -v",
		"cost$ ls":                     "",
		"sh-4.4# ls":                   "ls",
		"bash-5.1$ ls":                 "ls",
		"sw-1(config)# no shutdown":    "sw-1(config) no shutdown",
		"sw (config if 1) # mtu 9000":  "sw mtu 9000",
		"~(admin)]$ ls":                "ls",
		"~(ad)min)]$ ls":               "ls",
		"~(admin$ ls":                  "ls",
		"~admin)]$ ls":                 "ls",
		"[root@db1 ~# ls":              "db1 ls",
		"root@db1 ~]# ls":              "db1 ls",
		"(cd a)b) > file":              "",
		"start) # begin anew":          "",
		"(venv) $ ls":                  "ls",
		"db1:~ # ls":                   "db1 ls",
		"cat> file":                    "",
		"db> select 1;":                "db select 1;",
		"postgres=# select 1;":         "postgres select 1;",
		"# this needs a newer version": "",
		"plain output":                 "",
		"[mill@db1 ~] halt -f":         "db1 halt -f",
		"[mill@db1 ~] was stopped.":    "",
		"[mill@db1 ~]#./halt.sh":       "db1 ./halt.sh",
		"[mill@db1 ~] # halt -f":       "db1 halt -f",
		"[crew: mill@db1 /]# halt":     "db1 halt",
		"-bash-4.2$ halt -f":           "halt -f",
		"mill-a$ halt":                 "mill-a halt",
		"server$ halt":                 "server halt",
		"db2 # halt -f":                "db2 halt -f",
		"db2 # This is db2":            "",
		"]# halt":                      "halt",
		":~$ halt":                     "halt",
		"(cell) admin > halt now":      "halt now",
		"/opt/mill # ls -l":            "ls -l",
		"/opt/mill # old settings":     "",
		"|host|# halt":                 "halt",
		"% halt -f":                    "halt -f",
		"% All mills are halted":       "",
		"#sudo halt":                   "sudo halt",
		"#halt mill -f":                "halt mill -f",
		"#halt mill":                   "",
		"#port 5432":                   "",
		"#!/bin/sh -e":                 "",
		"#MILL -f":                     "",
		"#note: halt it -f":            "",
		"#if [ -f mill ]":              "",
		"$./halt.sh":                   "./halt.sh",
		"$sudo halt":                   "sudo halt",
		"$MILL/halt -f":                "",
		"$mill -f":                     "",
		"PS C:\\mill> Stop-Mill":       "Stop-Mill",
		"C:\\mill>halt":                "halt",
		">>> mill.halt()":              "mill.halt()",
		"In [1]: mill.halt()":          "mill.halt()",
		"(mill@db1)4> mill:halt().":    "db1 mill:halt().",
		"irb(main):001:0> Mill.halt":   "Mill.halt",
		"rs0:PRIMARY> rs.halt()":       "rs.halt()",
		"rs0 [direct: a] mill> x.y()":  "x.y()",
		"Mill [(none)]> halt now;":     "halt now;",
		"10.0.0.1:6379> HALT":          "HALT",
		"crew@:6000/mill> halt;":       "halt;",
		"crew@db1=# halt;":             "halt;",
		"crm(live)node# halt db1":      "halt db1",
		"mill> halt":                   "mill halt",
		"mill> halt.txt":               "",
		"> halt.txt":                   "halt.txt",
		"ls> /tmp/all":                 "",
		"\u276f halt -f":               "halt -f",
		"\u279c  ~ halt -f":            "halt -f",
	} {
		p, ok := CutPrompt(line)
		require.Equal(t, want != "", ok, line)
		require.Equal(t, want, strings.TrimSpace(p.Host+" "+p.Command), line)
	}
}

func TestStrangeCharactersAreSeen(t *testing.T) {
	found := StrangeCharacters("ls \u2013a\necho \u201cx\u201d\u200b\u202e\u00a0\x07")
	require.Len(t, found, 7)
	require.Equal(t, Strange{Offset: 3, Line: 1, Rune: 0x2013, Meaning: "typographic dash, not a hyphen"}, found[0])
	require.Equal(t, 2, found[1].Line)
	require.Empty(t, StrangeCharacters("ls -a\n\techo \"ü\""))
}

func TestDashesAreReadAsHyphensWhereAnOptionBegins(t *testing.T) {
	for text, want := range map[string]string{
		"build [\u2013-max-rooms <i>] \u2014force \u2013v": "build [--max-rooms <i>] --force -v",
		"build -\u2013wide \u2011x \u2212all":              "build --wide -x -all",
		"say \u201c\u2013x\u201d \u2013 a\u2013b 3\u20135": "say \u201c\u2013x\u201d \u2013 a\u2013b 3\u20135",
		"say 'a \u2013b' \"c \u2013d\" # e \u2013f":        "say 'a \u2013b' \"c \u2013d\" # e \u2013f",
		"cat <<E\na \u2013b\nE\nls \u2013l":                "cat <<E\na \u2013b\nE\nls -l",
		"ls --all -l":                                      "ls --all -l",
	} {
		typed, words := Hyphens(text)
		require.Equal(t, want, typed)
		require.Equal(t, typed != text, words != nil, text)
	}
	_, words := Hyphens("build [\u2013-max <i>] \u2013-max=2 \u2014all")
	require.Equal(t, []string{"\u2013-max", "\u2014all"}, words)
}

func TestAnOptionalPartIsFilledUnderItsSpellingInTheDocument(t *testing.T) {
	text, err := Substitute("build [--rooms <i>]", map[string]string{"[\u2013-rooms <i>]": ""})
	require.NoError(t, err)
	require.Equal(t, "build ", text)
}

func FuzzAnalyze(f *testing.F) {
	for _, seed := range []string{"a <b c> [<d>]", "cat <<E\n$x\nE", "echo \"$(a 'b')\" `c`", "$'\\'' <<-A <<B\nA\nB", "{{x}} xxx A_NAME", "/.", "ssh", "./.profile", "sudo ssh -"} {
		f.Add(seed, "v'\"$`\\")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		s := Analyze(text)
		outer, inside := Inside(text)
		require.True(t, strings.HasPrefix(text, outer) && strings.Contains(text, inside))
		for _, c := range s.Commands {
			require.Contains(t, text, c)
		}
		_ = s.Moves() + s.Disrupts() + s.Lasts() + s.Asks() + s.Drops() + s.Checks() + s.Installs() + s.Irreversible() + s.LogsInto(true) + s.LogsInto(false)
		_ = s.Looks() && s.ActsHere()
		values := map[string]string{}
		for _, p := range s.Placeholders {
			require.Equal(t, text[p.Start:p.End], p.Text)
			values[p.Text] = value
		}
		filled, err := Substitute(text, values)
		if err != nil {
			return
		}
		at, rest := 0, filled
		for _, p := range s.Placeholders {
			between := text[at:p.Start]
			i := strings.Index(rest, between)
			require.GreaterOrEqual(t, i, 0)
			rest, at = rest[i+len(between):], p.End
		}
		require.True(t, strings.HasSuffix(filled, text[at:]))
	})
}

// What is known of a plain command without parsing it is what its parse says.
func TestPlainCommandsAreReadAsTheirParse(t *testing.T) {
	words := []string{"ls", "sudo", "-n", "ssh", "web1", "kubectl", "delete", "pod", "a-b.c/d", "x=1", "--to=x:y", "watch", "env", "timeout", "5m", "bash", "-c", "docker", "--", "reboot", "time", "read", "if", "export", "3", "a,b@c%d+e", "..", "."}
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(t, "words")
		text := rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "before") + strings.Join(all, rapid.SampledFrom([]string{" ", "  "}).Draw(t, "between")) + rapid.SampledFrom([]string{"", "\n", " \n\n"}).Draw(t, "after")
		fields, ok := plainWords(text)
		if !ok {
			return
		}
		s := Snippet{Placeholders: Placeholders(text), Commands: []string{text}}
		require.Equal(t, parsed(s, text), analyzePlain(s, text, fields))
	})
}

func TestWhatIsTypedInAnotherShellIsTold(t *testing.T) {
	for text, want := range map[string]string{
		"ssh ada@<door>\nlock all\nexit":                        "lock all\nexit",
		"cd /tmp\nsudo boxes exec -it red bash\nls; pwd":        "ls; pwd",
		"sudo su -\nlock all":                                   "lock all",
		"su - ada\nlock all":                                    "lock all",
		"sudo -i -u ada\nlock all":                              "lock all",
		"sudo\nlock all":                                        "",
		"bash; lock all":                                        "lock all",
		"ssh door lock\nlock all":                               "",
		"ssh -N -L 1:door:2 gate\nlock all":                     "",
		"ssh door <<E\nlock\nE\nlock all":                       "",
		"boxes exec -it red lock\nlock all":                     "",
		"sudo -u ada lock\nlock all":                            "",
		"su ada -c lock\nlock all":                              "",
		"lock all\nssh door":                                    "",
		"mysql -e 'select 1'\nlock all; python3 x.py\nlock all": "",
	} {
		outer, inside := Inside(text)
		require.Equal(t, want, inside, text)
		require.True(t, strings.HasPrefix(text, outer), text)
		require.True(t, strings.HasSuffix(text, inside), text)
	}
}
